using IncomingCalls.Shared;

namespace IncomingCalls.Inbox.State;

/// <summary>Computes the delays before retries.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan[] Default =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6),
    ];

    private static readonly TimeSpan InitialAlertDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxAlertDelay = TimeSpan.FromSeconds(10);

    /// <summary>Gets the delay before the next attempt of a delivery; null when there is none, because the last attempt has failed.</summary>
    /// <param name="delays">The retry delays of the handler or of the host; null for the default ones.</param>
    /// <param name="failedAttempts">The number of failed attempts, from 1.</param>
    /// <param name="requested">The delay that the handler requested; null for that of the schedule.</param>
    public static TimeSpan? AfterFailure(IReadOnlyList<TimeSpan>? delays, int failedAttempts, TimeSpan? requested)
    {
        delays ??= Default;
        return failedAttempts > delays.Count ? null : requested ?? Backoff.AddJitter(delays[failedAttempts - 1]);
    }

    /// <summary>Gets the delay before the next attempt of an alert. It is short at first, because the call is ringing.</summary>
    /// <param name="failedAttempts">The number of failed attempts, from 1.</param>
    public static TimeSpan AfterAlertFailure(int failedAttempts) => Backoff.DelayFor(failedAttempts, InitialAlertDelay, MaxAlertDelay);
}
