using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>One attempt of a delivery.</summary>
[Experimental("ICEXP001")]
public sealed record DeliveryAttempt
{
    /// <summary>The event.</summary>
    public required PendingEvent PendingEvent { get; init; }

    /// <summary>The delivery, as it is before the attempt.</summary>
    public required Delivery Delivery { get; init; }
}

/// <summary>The result of an attempt.</summary>
[Experimental("ICEXP001")]
public sealed record AttemptReport
{
    /// <summary>The attempt.</summary>
    public required DeliveryAttempt Attempt { get; init; }

    /// <summary>The outcome of the attempt.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>The retry delay that the handler requested; null for that of the retry schedule.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The destination that was unavailable or has asked for the delay; null otherwise.</summary>
    public string? Destination { get; init; }

    /// <summary>Whether the attempt was the probe of an unavailable destination. Set by the inbox.</summary>
    public bool IsProbe { get; init; }

    /// <summary>Whether the attempt ended because of its timeout, which says nothing about the destination.</summary>
    public bool HasTimedOut { get; init; }

    /// <summary>The type and message of the error, with numbers masked; null after success.</summary>
    public string? Error { get; init; }

    /// <summary>The exception of a failed or rejected attempt, for decisions while the process runs; it is not stored. Null otherwise.</summary>
    public Exception? Exception { get; init; }
}
