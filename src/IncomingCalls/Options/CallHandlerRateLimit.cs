namespace IncomingCalls;

/// <summary>
/// Limits how often the attempts of a handler start, for a service that accepts so many requests a second. An event that has to wait takes no slot and delays no other handler.
/// With the PostgreSQL and Orleans inboxes the limit holds for all nodes together.
/// </summary>
public sealed class CallHandlerRateLimit
{
    /// <summary>How many attempts may start in each <see cref="Period"/>.</summary>
    /// <value>Range: 1 to 10,000.</value>
    public required int Permits { get; init; }

    /// <summary>The time in which <see cref="Permits"/> attempts may start. They are spread evenly over it.</summary>
    /// <value>Range: 10 milliseconds to 24 hours; one permit is free at least every hour and at most every millisecond.</value>
    public required TimeSpan Period { get; init; }

    /// <summary>How many attempts may start at once after a time without any.</summary>
    /// <value>Default: 1. Range: 1 to 10,000.</value>
    public int Burst { get; init; } = 1;

    /// <summary>
    /// Gets the partition of an event; each partition has a limit of its own, for example each portal of a customer. A <see cref="CallHandlerOptions.Destination"/> should have one
    /// partition: its deliveries wait in one queue, so one that waits for a permit holds back those of other partitions. The function runs before the notification is acknowledged, and
    /// possibly several times: decide from memory. The text has at most 200 characters. If it throws or returns null, the event belongs to the partition of the whole handler.
    /// </summary>
    /// <value>Default: null, one limit for the whole handler.</value>
    public Func<CallEvent, string?>? Partition { get; init; }

    /// <summary>The time between two attempts after the burst.</summary>
    internal TimeSpan Interval => Period / Permits;
}
