namespace IncomingCalls.Inbox.State;

/// <summary>When a failed attempt is made again.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan[] Default =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6),
    ];

    private static readonly TimeSpan FirstAlertWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestAlertWait = TimeSpan.FromSeconds(10);

    /// <summary>The wait after a failed attempt; null when it was the last.</summary>
    /// <param name="waits">The handler's or the host's own; null for the usual ones.</param>
    /// <param name="failed">How many attempts have failed, from 1.</param>
    /// <param name="asked">What the handler asked for; null for the schedule's.</param>
    public static TimeSpan? AfterFailure(IReadOnlyList<TimeSpan>? waits, int failed, TimeSpan? asked)
    {
        waits ??= Default;
        return failed > waits.Count ? null : asked ?? Jitter(waits[failed - 1]);
    }

    /// <summary>The wait after an alert could not be shown: short at first, since somebody is ringing.</summary>
    public static TimeSpan AfterAlertFailure(int failed)
    {
        // 500 ms, 1 s, 2 s, 4 s, 8 s, 10 s. Twenty doublings are far past the longest and far from an overflow.
        var wait = FirstAlertWait * (1L << Math.Min(failed - 1, 20));
        return wait < LongestAlertWait ? wait : LongestAlertWait;
    }

    /// <summary>A fifth up or down, so that what failed together does not come back together.</summary>
    private static TimeSpan Jitter(TimeSpan wait) => wait * (0.8 + (0.4 * Random.Shared.NextDouble()));
}
