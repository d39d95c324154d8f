using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>An inbox that opens when the test opens it.</summary>
internal sealed class ManuallyOpenedInbox : ICallInbox
{
    private readonly TaskCompletionSource _waitStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a caller waits for the inbox.</summary>
    public Task WaitStarted => _waitStarted.Task;

    public bool IsDurable => true;

    public void Open() => _open.SetResult();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        _waitStarted.TrySetResult();
        return _open.Task.WaitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken) =>
        new(new IntakeResult { Outcome = IntakeOutcome.Stored });

    public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) => default;
}
