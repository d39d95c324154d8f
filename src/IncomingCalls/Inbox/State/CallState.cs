using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inbox;

/// <summary>
/// What a durable inbox keeps of one call: everything that was reported of it, and what its handlers are still owed. It is
/// written as a whole, before anything is acknowledged; <see cref="InboxServices"/> makes the next one out of it.
/// </summary>
[Experimental("ICEXP001")]
public sealed record CallState
{
    /// <summary>What was reported.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The events that not every handler has handled, oldest first.</summary>
    public IReadOnlyList<PendingEvent> PendingEvents { get; init; } = [];

    /// <summary>When an outcome has been awaited long enough, in UTC; null when none is awaited.</summary>
    public DateTimeOffset? OutcomeDueAt { get; init; }

    /// <summary>When something new was last reported, in UTC: repeats are recognised for a time from here on.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    /// <summary>How many pairs of event and handler are owed.</summary>
    [JsonIgnore]
    public int PendingCount => PendingEvents.Sum(owed => owed.Deliveries.Count);

    /// <summary>Since when the oldest owed event waits, in UTC; null when none does.</summary>
    [JsonIgnore]
    public DateTimeOffset? OldestPendingAt => PendingEvents.Count == 0 ? null : PendingEvents.Min(owed => owed.Event.ReceivedAt);

    /// <summary>When there is something to do, in UTC; null when the call is finished.</summary>
    [JsonIgnore]
    public DateTimeOffset? DueAt
    {
        get
        {
            var due = OutcomeDueAt;
            if (PendingEvents.Count == 0)
            {
                return due;
            }

            if (PendingEvents.Count == 1)
            {
                // Nearly every call, and asked several times per step: by place, and no runs are made for it.
                var handlers = PendingEvents[0].Deliveries;
                for (var i = 0; i < handlers.Count; i++)
                {
                    due = due < handlers[i].DueAt ? due : handlers[i].DueAt;
                }

                return due;
            }

            foreach (var run in NextAttempts())
            {
                due = due < run.Delivery.DueAt ? due : run.Delivery.DueAt;
            }

            return due;
        }
    }

    /// <summary>The runs whose time has come.</summary>
    /// <param name="now">The time, in UTC.</param>
    /// <returns>At most one run per handler, since a handler sees the events of a call one after another.</returns>
    public IEnumerable<DeliveryAttempt> DueAttempts(DateTimeOffset now) => PendingEvents.Count == 0 ? [] : NextAttempts().Where(run => run.Delivery.DueAt <= now);

    private List<DeliveryAttempt> NextAttempts()
    {
        List<DeliveryAttempt> runs = [];
        foreach (var owed in PendingEvents)
        {
            foreach (var handler in owed.Deliveries)
            {
                if (!runs.Exists(run => run.Delivery.HandlerName == handler.HandlerName))
                {
                    runs.Add(new() { PendingEvent = owed, Delivery = handler });
                }
            }
        }

        return runs;
    }
}

/// <summary>An event that not every handler has handled.</summary>
[Experimental("ICEXP001")]
public sealed record PendingEvent
{
    /// <summary>The event.</summary>
    public required StoredCallEvent Event { get; init; }

    /// <summary>Who has still to handle it.</summary>
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the receipt, which the handlers' spans continue; null when nobody traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the receipt.</summary>
    public string? TraceState { get; init; }
}

/// <summary>How far a handler has come with an event.</summary>
[Experimental("ICEXP001")]
public sealed record Delivery
{
    /// <summary>The name under which the handler was registered when the event was kept.</summary>
    public required string HandlerName { get; init; }

    /// <summary>Whether it is an operator notifier, which is retried only while the alert matters and leaves no dead letter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNotifier { get; init; }

    /// <summary>How many attempts have failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due, in UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The type and message of the last failure, numbers masked; null before the first.</summary>
    public string? LastError { get; init; }
}
