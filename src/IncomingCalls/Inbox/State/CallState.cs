using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inbox;

/// <summary>
/// The state of one call that a durable inbox stores: its history and its pending deliveries. It is written as a whole, before a notification
/// is acknowledged; <see cref="InboxServices"/> computes the next state from it.
/// </summary>
[Experimental("ICEXP001")]
public sealed record CallState
{
    /// <summary>The facts that were reported of the call.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The events with a pending delivery, oldest first.</summary>
    [JsonPropertyName("owed")]
    public IReadOnlyList<PendingEvent> PendingEvents { get; init; } = [];

    /// <summary>When the outcome timeout elapses, in UTC; null when no outcome is awaited.</summary>
    public DateTimeOffset? OutcomeDueAt { get; init; }

    /// <summary>When the last new fact was received, in UTC. The deduplication window starts at this time.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    /// <summary>The number of pending deliveries.</summary>
    [JsonIgnore]
    public int PendingCount => PendingEvents.Sum(pending => pending.Deliveries.Count);

    /// <summary>When the oldest event with a pending delivery was received, in UTC; null when no delivery is pending.</summary>
    [JsonIgnore]
    public DateTimeOffset? OldestPendingAt => PendingEvents.Count == 0 ? null : PendingEvents.Min(pending => pending.Event.ReceivedAt);

    /// <summary>When the next delivery or the outcome timeout is due, in UTC; null when the call is finished.</summary>
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
                // Fast path without allocations: nearly every call has one pending event, and the property is read several times per transition.
                var deliveries = PendingEvents[0].Deliveries;
                for (var i = 0; i < deliveries.Count; i++)
                {
                    due = due < deliveries[i].DueAt ? due : deliveries[i].DueAt;
                }

                return due;
            }

            foreach (var attempt in NextAttempts())
            {
                due = due < attempt.Delivery.DueAt ? due : attempt.Delivery.DueAt;
            }

            return due;
        }
    }

    /// <summary>Gets the attempts that are due.</summary>
    /// <param name="now">The current time, in UTC.</param>
    /// <returns>At most one attempt per handler, because a handler handles the events of a call in order.</returns>
    public IEnumerable<DeliveryAttempt> DueAttempts(DateTimeOffset now) => PendingEvents.Count == 0 ? [] : NextAttempts().Where(attempt => attempt.Delivery.DueAt <= now);

    private List<DeliveryAttempt> NextAttempts()
    {
        List<DeliveryAttempt> attempts = [];
        foreach (var pending in PendingEvents)
        {
            foreach (var delivery in pending.Deliveries)
            {
                if (!attempts.Exists(attempt => attempt.Delivery.HandlerName == delivery.HandlerName))
                {
                    attempts.Add(new() { PendingEvent = pending, Delivery = delivery });
                }
            }
        }

        return attempts;
    }
}

/// <summary>An event with pending deliveries.</summary>
[Experimental("ICEXP001")]
public sealed record PendingEvent
{
    /// <summary>The event.</summary>
    public required StoredCallEvent Event { get; init; }

    /// <summary>The pending deliveries of the event, one per handler.</summary>
    [JsonPropertyName("handlers")]
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the receipt, which is the parent of the handlers' spans; null when the receipt was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the receipt.</summary>
    public string? TraceState { get; init; }
}

/// <summary>A pending delivery: the progress of one handler with one event.</summary>
[Experimental("ICEXP001")]
public sealed record Delivery
{
    /// <summary>The name under which the handler was registered when the event was stored.</summary>
    [JsonPropertyName("name")]
    public required string HandlerName { get; init; }

    /// <summary>Whether the handler is an operator notifier, which is retried only until the alert expires and never has a dead letter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNotifier { get; init; }

    /// <summary>The number of failed attempts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due, in UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The type and message of the last error, with numbers masked; null before the first failed attempt.</summary>
    public string? LastError { get; init; }
}
