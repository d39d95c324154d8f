namespace IncomingCalls;

/// <summary>How an attempt ended.</summary>
internal readonly struct HandlerResult
{
    private HandlerResult(HandlerVerdict verdict, TimeSpan? retryAfter) => (Verdict, RetryAfter) = (verdict, retryAfter);

    public static HandlerResult Succeeded => default;

    public static HandlerResult Rejected => new(HandlerVerdict.Rejected, null);

    public HandlerVerdict Verdict { get; }

    /// <summary>The wait that the handler asked for; null for the schedule's.</summary>
    public TimeSpan? RetryAfter { get; }

    public static HandlerResult Failed(TimeSpan? retryAfter = null) => new(HandlerVerdict.Failed, retryAfter);
}
