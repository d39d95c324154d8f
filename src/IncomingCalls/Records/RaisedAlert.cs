namespace IncomingCalls;

/// <summary>An alert that an operator sees now.</summary>
internal sealed class RaisedAlert(OperatorAlert alert)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The alert as last shown.</summary>
    public OperatorAlert Alert { get; set; } = alert;

    /// <summary>Completes when the call ended, so that nobody updates the alert any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Waits for the name and for the alert's end; completes when it will not touch the notifier again.</summary>
    public Task Tracking { get; set; } = Task.CompletedTask;

    public void End() => _ended.TrySetResult();
}
