using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

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
