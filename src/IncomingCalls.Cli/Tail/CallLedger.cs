using IncomingCalls.Inboxes;

namespace IncomingCalls.Cli;

/// <summary>The calls that were seen: what a notification changes is for the packages' own reducer to say.</summary>
internal sealed class CallLedger(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(72);

    private readonly ExpiringMemory<CallKey, CallHistory> _calls = new(time, () => 10_000);

    public CallStep Take(IncomingCallNotification notification)
    {
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        var before = _calls.TryGet(key, out var known) ? known : null;
        var step = CallSteps.Take(before, new() { Notification = notification, Decision = CallDecision.Handle(), ReceivedAt = time.GetUtcNow() });
        _calls.Set(key, step.History, Lifetime);
        return step;
    }
}
