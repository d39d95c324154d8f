using IncomingCalls.Inboxes;

namespace IncomingCalls.Cli;

/// <summary>The calls that were seen: what a notification changes is for the packages' own reducer to say.</summary>
internal sealed class CallTracker(TimeProvider time)
{
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromHours(72);

    private readonly ExpiringCache<CallKey, CallHistory> _calls = new(time, () => 10_000);

    public CallTransition ApplyNotification(IncomingCallNotification notification)
    {
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        var before = _calls.TryGet(key, out var known) ? known : null;
        var step = CallTransitions.ApplyNotification(before, new() { Notification = notification, Decision = CallDecision.Handle(), ReceivedAt = time.GetUtcNow() });
        _calls.Set(key, step.History, RetentionPeriod);
        return step;
    }
}
