using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox.State;

/// <summary>The rules in which the inboxes differ: when a failed delivery is retried, and how long a delivery waits for the caller's name.</summary>
internal abstract class DeliveryRules
{
    /// <summary>Whether the inbox stores dead letters.</summary>
    public abstract bool HasDeadLetters { get; }

    /// <summary>Whether deliveries wait for the call journal, which takes minutes.</summary>
    public abstract bool WaitsForJournal { get; }

    /// <summary>The lag from which a notification is late. The deliveries of a late notification do not wait for the caller's name.</summary>
    public abstract TimeSpan LateAfter { get; }

    /// <summary>Gets how long a delivery waits for the caller's name, from the first receipt of the call.</summary>
    public abstract TimeSpan GetNameWait(IncomingCallsOptions options);

    /// <summary>Gets when a delivery is due that waits for its destination. A pause holds it back in any case.</summary>
    /// <param name="pause">The pause of its destination.</param>
    /// <param name="now">The current time, in UTC.</param>
    public abstract DateTimeOffset GetPostponedDueAt(DestinationPause pause, DateTimeOffset now);

    /// <summary>Gets when a failed delivery of a handler is tried again; null when there is no further attempt.</summary>
    /// <param name="report">The failed attempt.</param>
    /// <param name="handlerDelays">The retry delays of the handler; null for those of the host.</param>
    /// <param name="options">The options of the host.</param>
    /// <param name="now">The current time, in UTC.</param>
    public abstract RetryPlan? PlanRetry(AttemptReport report, IReadOnlyList<TimeSpan>? handlerDelays, IncomingCallsOptions options, DateTimeOffset now);
}

/// <summary>The rules of inboxes that store their deliveries.</summary>
internal sealed class DurableDeliveryRules : DeliveryRules
{
    public override bool HasDeadLetters => true;

    public override bool WaitsForJournal => true;

    /// <summary>An instance whose notifications are a minute late is catching up: its calls are over, and their names are too many to look up.</summary>
    public override TimeSpan LateAfter => TimeSpan.FromMinutes(1);

    public override TimeSpan GetNameWait(IncomingCallsOptions options) => options.CallerNameWait;

    /// <summary>Behind those that are due already, so that another delivery is the next probe: the destination may refuse this one alone. All start as soon as the pause has ended.</summary>
    public override DateTimeOffset GetPostponedDueAt(DestinationPause pause, DateTimeOffset now) => now;

    public override RetryPlan? PlanRetry(AttemptReport report, IReadOnlyList<TimeSpan>? handlerDelays, IncomingCallsOptions options, DateTimeOffset now) =>
        RetrySchedule.AfterFailure(handlerDelays ?? options.RetryDelays, report.Attempt.Delivery.Attempts + 1, report.RetryAfter) is { } delay ? new() { DueAt = now + delay } : null;
}

/// <summary>
/// The rules of the in-memory inbox, which handles an event before the acknowledgement: the calls behind it in the gateway's queue wait, and
/// with them their alerts.
/// </summary>
internal sealed class InMemoryDeliveryRules : DeliveryRules
{
    /// <summary>For short transient failures. Longer ones are left to the gateway, which redelivers after a minute.</summary>
    private static readonly TimeSpan[] QuickRetryDelays = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    /// <summary>The retry delay of an event that no redelivery follows, because it has no notification.</summary>
    private static readonly TimeSpan DelayWithoutRedelivery = TimeSpan.FromMinutes(1);

    /// <summary>Longer than the gateway redelivers. What nothing has redelivered by then is tried once more, and then given up.</summary>
    private static readonly TimeSpan MaxWaitForRedelivery = TimeSpan.FromHours(25);

    /// <summary>Covers a lookup that is answered at once.</summary>
    private static readonly TimeSpan MaxNameWait = TimeSpan.FromSeconds(2);

    public override bool HasDeadLetters => false;

    /// <summary>The acknowledgement would wait for it.</summary>
    public override bool WaitsForJournal => false;

    /// <summary>Other notifications are already waiting. With the longest wait for a name, all that queue up are answered within 4.5 seconds.</summary>
    public override TimeSpan LateAfter => TimeSpan.FromSeconds(2.5);

    public override TimeSpan GetNameWait(IncomingCallsOptions options) => options.CallerNameWait < MaxNameWait ? options.CallerNameWait : MaxNameWait;

    /// <summary>The acknowledgement does not wait for a delivery that is due after its deadline.</summary>
    public override DateTimeOffset GetPostponedDueAt(DestinationPause pause, DateTimeOffset now) => pause.Until;

    public override RetryPlan? PlanRetry(AttemptReport report, IReadOnlyList<TimeSpan>? handlerDelays, IncomingCallsOptions options, DateTimeOffset now)
    {
        // Each transmission by the gateway has one attempt and the quick retries, of which a handler may have fewer.
        var attempts = Math.Min(QuickRetryDelays.Length, handlerDelays?.Count ?? QuickRetryDelays.Length) + 1;
        var failed = report.Attempt.Delivery.Attempts + 1;
        if (failed % attempts != 0)
        {
            return new() { DueAt = now + (report.RetryAfter ?? QuickRetryDelays[(failed % attempts) - 1]) };
        }

        var stored = report.Attempt.PendingEvent.Event;
        return stored.Notification is not null ? PlanRedelivery(stored.ReceivedAt + MaxWaitForRedelivery, now)
            : DeliveryFailureTracker.IsGivenUp(failed / attempts, now - stored.ReceivedAt, options) ? null
            : new() { DueAt = now + DelayWithoutRedelivery };
    }

    private static RetryPlan? PlanRedelivery(DateTimeOffset endsAt, DateTimeOffset now) =>
        now < endsAt ? new() { DueAt = endsAt, WaitsFor = DeliveryWait.Redelivery } : null;
}
