using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Keeps a call notification; whoever waits for it may then acknowledge.</summary>
internal sealed class AcceptWrite(ReceivedCallNotification received, InboxServices services) : InboxWrite
{
    private readonly TaskCompletionSource<IntakeResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KeptCallStep _step = null!;

    public Task<IntakeResult> Result => _result.Task;

    public override void Apply(InboxTransaction transaction)
    {
        var notification = received.Notification;
        var call = transaction.Load(new(notification.Instance.IdInstance, notification.IdMessage));
        _step = services.Take(call.State, received);
        if (_step.IsChange)
        {
            call.Change(_step.Call);
        }
    }

    public override void Kept(CallsInHand hand)
    {
        _result.SetResult(new() { Outcome = _step.Outcome });
        services.Tell(_step);
    }

    public override void Failed(CallsInHand hand, Exception reason) =>
        _result.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}
