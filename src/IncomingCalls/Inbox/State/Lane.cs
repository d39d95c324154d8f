using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// The pending deliveries of one call to one handler, in order, or the outcome timeout of the call. A lane is the unit of work: at most one
/// attempt of a lane runs at a time, and stores find work by the due times of lanes.
/// </summary>
[Experimental("ICEXP001")]
public sealed record Lane
{
    internal const string OutcomeTimeoutName = "";

    /// <summary>The name of the handler; empty for the outcome timeout.</summary>
    public required string HandlerName { get; init; }

    /// <summary>The group of the lane.</summary>
    public required LaneGroup Group { get; init; }

    /// <summary>The first delivery of the lane; null for the outcome timeout.</summary>
    public DeliveryAttempt? Next { get; init; }

    /// <summary>When the lane is due, in UTC, unless a signal makes it due earlier.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What the lane waits for until <see cref="DueAt"/>.</summary>
    public required DeliveryWait WaitsFor { get; init; }

    /// <summary>The number of deliveries in the lane; 0 for the outcome timeout.</summary>
    public int Count { get; init; }

    /// <summary>Whether the lane belongs to an operator notifier.</summary>
    public bool IsNotifier => Next is { Delivery.IsNotifier: true };

    internal static Lane Create(PendingEvent pending, Delivery delivery) => new()
    {
        HandlerName = delivery.HandlerName,
        Group = LaneGroup.Of(pending, delivery),
        Next = new() { PendingEvent = pending, Delivery = delivery },
        DueAt = delivery.DueAt,
        WaitsFor = delivery.WaitsFor,
        Count = 1,
    };

    internal static Lane CreateOutcomeTimeout(long idInstance, DateTimeOffset dueAt) => new()
    {
        HandlerName = OutcomeTimeoutName,
        Group = new(OutcomeTimeoutName, idInstance),
        DueAt = dueAt,
        WaitsFor = DeliveryWait.Outcome,
    };

    internal Lane WithOneMore() => this with { Count = Count + 1 };
}

/// <summary>Identifies the lanes of one handler and destination, or instance if they have no destination. Their due work is bounded and found together.</summary>
[Experimental("ICEXP001")]
public readonly record struct LaneGroup
{
    /// <summary>Initializes the group of the lanes without a destination.</summary>
    /// <param name="handlerName">The name of the handler; empty for outcome timeouts.</param>
    /// <param name="idInstance">The number of the instance.</param>
    [SetsRequiredMembers]
    public LaneGroup(string handlerName, long idInstance) => (HandlerName, IdInstance) = (handlerName, idInstance);

    /// <summary>Initializes the group of the lanes with a destination, of whatever instance.</summary>
    /// <param name="handlerName">The name of the handler.</param>
    /// <param name="destination">The destination.</param>
    [SetsRequiredMembers]
    public LaneGroup(string handlerName, string destination) => (HandlerName, Destination) = (handlerName, destination);

    /// <summary>The name of the handler; empty for outcome timeouts.</summary>
    public required string HandlerName { get; init; }

    /// <summary>The destination; null for none.</summary>
    public string? Destination { get; init; }

    /// <summary>The number of the instance; 0 if there is a destination.</summary>
    public long IdInstance { get; init; }

    /// <summary>Gets the group of the lane of a delivery.</summary>
    /// <param name="pending">The event.</param>
    /// <param name="delivery">The delivery.</param>
    /// <returns>The group.</returns>
    public static LaneGroup Of(PendingEvent pending, Delivery delivery)
    {
        ArgumentNullException.ThrowIfNull(pending);
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery.Destination is { } destination ? new(delivery.HandlerName, destination) : new(delivery.HandlerName, pending.Event.Call.IdInstance);
    }
}
