using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>One attempt that an inbox is to make.</summary>
[Experimental("ICEXP001")]
public sealed record DeliveryAttempt
{
    /// <summary>The event.</summary>
    public required PendingEvent PendingEvent { get; init; }

    /// <summary>The handler.</summary>
    public required Delivery Delivery { get; init; }

    /// <summary>What tells this run from every other of the call.</summary>
    public (string EventId, string Handler) Id => (PendingEvent.Event.Id, Delivery.HandlerName);
}

/// <summary>How an attempt ended.</summary>
[Experimental("ICEXP001")]
public sealed record AttemptReport
{
    /// <summary>The attempt.</summary>
    public required DeliveryAttempt Attempt { get; init; }

    /// <summary>How it ended.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>The wait that the handler asked for; null for the schedule's.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The type and message of the failure, numbers masked; null after success.</summary>
    public string? Error { get; init; }
}
