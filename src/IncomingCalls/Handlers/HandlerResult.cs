using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>How an attempt ended.</summary>
internal readonly struct HandlerResult
{
    private HandlerResult(HandlerVerdict verdict, Exception? error, TimeSpan? retryAfter) =>
        (Verdict, Error, RetryAfter) = (verdict, error, retryAfter);

    public static HandlerResult Succeeded => default;

    public HandlerVerdict Verdict { get; }

    /// <summary>The wait that the handler asked for; null for the schedule's.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>What went wrong; null after success.</summary>
    public Exception? Error { get; }

    public static HandlerResult Rejected(Exception error) => new(HandlerVerdict.Rejected, error, retryAfter: null);

    public static HandlerResult Failed(Exception error) => new(HandlerVerdict.Failed, error, (error as CallEventRetryException)?.Delay);
}
