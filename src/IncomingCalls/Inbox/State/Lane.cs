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
        Next = new() { PendingEvent = pending, Delivery = delivery },
        DueAt = delivery.DueAt,
        WaitsFor = delivery.WaitsFor,
        Count = 1,
    };

    internal static Lane CreateOutcomeTimeout(DateTimeOffset dueAt) => new() { HandlerName = OutcomeTimeoutName, DueAt = dueAt, WaitsFor = DeliveryWait.Outcome };

    internal Lane WithOneMore() => this with { Count = Count + 1 };
}

/// <summary>Identifies the lanes of one instance and one handler, whose due work is bounded and found together.</summary>
[Experimental("ICEXP001")]
public readonly record struct LaneGroup
{
    /// <summary>Initializes the group.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="handlerName">The name of the handler; empty for outcome timeouts.</param>
    [SetsRequiredMembers]
    public LaneGroup(long idInstance, string handlerName) => (IdInstance, HandlerName) = (idInstance, handlerName);

    /// <summary>The number of the instance.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The name of the handler; empty for outcome timeouts.</summary>
    public required string HandlerName { get; init; }
}
