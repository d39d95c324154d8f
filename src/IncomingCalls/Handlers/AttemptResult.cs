using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>How an attempt ended.</summary>
internal readonly struct AttemptResult
{
    private AttemptResult(AttemptOutcome verdict, Exception? error, TimeSpan? retryAfter) =>
        (Outcome, Error, RetryAfter) = (verdict, error, retryAfter);

    public static AttemptResult Succeeded => default;

    public AttemptOutcome Outcome { get; }

    /// <summary>The wait that the handler asked for; null for the schedule's.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>What went wrong; null after success.</summary>
    public Exception? Error { get; }

    public static AttemptResult Rejected(Exception error) => new(AttemptOutcome.Rejected, error, retryAfter: null);

    public static AttemptResult Failed(Exception error) => new(AttemptOutcome.Failed, error, (error as CallEventRetryException)?.Delay);
}
