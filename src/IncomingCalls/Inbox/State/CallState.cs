using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls.Inbox;

/// <summary>
/// The state of one call that an inbox stores: its history and its pending deliveries. Both change in one write, before a notification is
/// acknowledged; <see cref="CallTransitions"/> computes the next state from the current one.
/// </summary>
[Experimental("ICEXP001")]
public sealed record CallState
{
    /// <summary>The facts that were reported of the call.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The events with a pending delivery, oldest first.</summary>
    public IReadOnlyList<PendingEvent> PendingEvents { get; init; } = [];

    /// <summary>When the outcome of the call is asked for, in UTC: when the outcome timeout elapses, and afterwards while the call journal may have it; null when it is not awaited.</summary>
    public DateTimeOffset? OutcomeDueAt { get; init; }

    /// <summary>When the last new fact was received, in UTC. The deduplication window starts at this time.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    /// <summary>Members that a later version has written; null when there are none. They are written again.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }

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
            var lanes = GetLanes();
            return lanes.Count == 0 ? null : lanes.Min(static lane => lane.DueAt);
        }
    }

    /// <summary>Whether nothing is pending: no delivery and no outcome timeout.</summary>
    [JsonIgnore]
    public bool IsFinished => PendingEvents.Count == 0 && OutcomeDueAt is null;

    /// <summary>
    /// Gets the lanes of the call: one per handler with a pending delivery, and one for the outcome timeout. Of each lane, only the first
    /// delivery is considered, because a handler handles the events of a call in order.
    /// </summary>
    /// <returns>The lanes, in the order of their oldest event; the outcome timeout last.</returns>
    public IReadOnlyList<Lane> GetLanes()
    {
        List<Lane> lanes = [];
        foreach (var pending in PendingEvents)
        {
            foreach (var delivery in pending.Deliveries)
            {
                var index = lanes.FindIndex(lane => lane.HandlerName == delivery.HandlerName);
                if (index < 0)
                {
                    lanes.Add(Lane.Create(pending, delivery));
                }
                else
                {
                    lanes[index] = lanes[index].WithOneMore();
                }
            }
        }

        if (OutcomeDueAt is { } outcomeDueAt)
        {
            lanes.Add(Lane.CreateOutcomeTimeout(History.Key.IdInstance, outcomeDueAt));
        }

        return lanes;
    }
}

/// <summary>An event with pending deliveries.</summary>
[Experimental("ICEXP001")]
public sealed record PendingEvent
{
    /// <summary>The event.</summary>
    public required StoredCallEvent Event { get; init; }

    /// <summary>The pending deliveries of the event, one per handler.</summary>
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the receipt, which is the parent of the handlers' spans; null when the receipt was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the receipt.</summary>
    public string? TraceState { get; init; }

    /// <summary>Members that a later version has written; null when there are none. They are written again.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }
}

/// <summary>A pending delivery: the progress of one handler with one event.</summary>
[Experimental("ICEXP001")]
public sealed record Delivery
{
    /// <summary>The name under which the handler was registered when the event was stored.</summary>
    public required string HandlerName { get; init; }

    /// <summary>Whether the handler is an operator notifier, which is retried only until the alert expires and never has a dead letter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNotifier { get; init; }

    /// <summary>The number of failed attempts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempts { get; init; }

    /// <summary>The latest time at which the next attempt starts, in UTC. A signal, such as a name that was found, can start it earlier.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What the delivery waits for until <see cref="DueAt"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(TolerantEnumConverter<DeliveryWait>))]
    public DeliveryWait WaitsFor { get; init; }

    /// <summary>The destination of the delivery, see <see cref="CallHandlerOptions.Destination"/>; null when it is not known.</summary>
    public string? Destination { get; init; }

    /// <summary>The partition of the rate limit of the handler, if it is not <see cref="Destination"/>; null otherwise.</summary>
    public string? RatePartition { get; init; }

    /// <summary>
    /// The outcome that the handler knows of, if that is not <see cref="StoredCallEvent.PreviousOutcome"/>: the delivery has replaced one that waited for its settle time. Null otherwise.
    /// </summary>
    [JsonConverter(typeof(TolerantEnumConverter<CallOutcome>))]
    public CallOutcome? PreviousOutcome { get; init; }

    /// <summary>The type and message of the last error, with numbers masked; null before the first failed attempt.</summary>
    public string? LastError { get; init; }

    /// <summary>Members that a later version has written; null when there are none. They are written again.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }
}

/// <summary>What a pending delivery waits for until its due time.</summary>
[Experimental("ICEXP001")]
public enum DeliveryWait
{
    /// <summary>Nothing: the delivery was due when it was stored.</summary>
    None = 0,

    /// <summary>The delay before a retry.</summary>
    Retry,

    /// <summary>The caller's name. The end of the lookup makes the delivery due earlier.</summary>
    CallerName,

    /// <summary>The redelivery of the notification by the gateway; used by inboxes that are not durable.</summary>
    Redelivery,

    /// <summary>The outcome of the call. It is not a delivery: see <see cref="Lane.Next"/>.</summary>
    Outcome,

    /// <summary>The settle time of an unanswered call, see <see cref="CallHandlerOptions.UnansweredSettleTime"/>.</summary>
    Settle,

    /// <summary>Its destination, which was unavailable or has asked for a delay. See <see cref="DestinationPause"/>.</summary>
    Destination,

    /// <summary>A permit of the rate limit of its handler; used by inboxes in which a delivery without a permit gets another due time.</summary>
    Permit,

    /// <summary>The call journal, which tells who called: the notifications name the instance itself.</summary>
    Journal,
}
