namespace IncomingCalls.Infrastructure;

/// <summary>
/// Tracks how often and for how long the handling of a notification has failed, so that it can be given up before it blocks the
/// gateway's queue indefinitely.
/// </summary>
internal sealed class DeliveryFailureTracker
{
    private DateTimeOffset _since;

    public int Failures { get; private set; }

    /// <summary>Records a failure.</summary>
    /// <returns>true if the notification is to be given up; otherwise, false.</returns>
    public bool RecordFailure(IncomingCallsOptions options, DateTimeOffset now)
    {
        _since = Failures++ == 0 ? now : _since;
        return options.GiveUpAfter is { } giveUpAfter && Failures > options.GiveUpAfterRedeliveries && now - _since >= giveUpAfter;
    }
}
