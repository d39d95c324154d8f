namespace IncomingCalls.Infrastructure;

/// <summary>
/// Tracks how often and for how long the handling of a notification has failed, so that it can be given up before it blocks the
/// gateway's queue indefinitely.
/// </summary>
internal sealed class DeliveryFailureTracker
{
    private DateTimeOffset _since;

    public int Failures { get; private set; }

    /// <summary>Returns whether a notification is given up.</summary>
    /// <param name="failures">How many transmissions of the notification have failed.</param>
    /// <param name="duration">The time since the first failure.</param>
    /// <param name="options">The options of the host.</param>
    public static bool IsGivenUp(int failures, TimeSpan duration, IncomingCallsOptions options) =>
        options.GiveUpAfter is { } giveUpAfter && failures > options.GiveUpAfterRedeliveries && duration >= giveUpAfter;

    /// <summary>Records a failure.</summary>
    /// <returns>true if the notification is to be given up; otherwise, false.</returns>
    public bool RecordFailure(IncomingCallsOptions options, DateTimeOffset now)
    {
        _since = Failures++ == 0 ? now : _since;
        return IsGivenUp(Failures, now - _since, options);
    }
}
