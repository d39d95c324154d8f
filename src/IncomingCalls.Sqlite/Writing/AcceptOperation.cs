using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Keeps a call notification; whoever waits for it may then acknowledge.</summary>
internal sealed class AcceptOperation(ReceivedCallNotification received, InboxServices services) : WriteOperation
{
    private readonly TaskCompletionSource<IntakeResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StateTransition _step = null!;

    public Task<IntakeResult> Result => _result.Task;

    public override void Apply(InboxTransaction transaction)
    {
        var notification = received.Notification;
        var call = transaction.Load(new(notification.Instance.IdInstance, notification.IdMessage));
        _step = services.ApplyNotification(call.State, received);
        if (_step.IsChange)
        {
            call.Change(_step.State);
        }
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        _result.SetResult(new() { Outcome = _step.Outcome });
        services.ReportCommitted(_step);
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) =>
        _result.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}
