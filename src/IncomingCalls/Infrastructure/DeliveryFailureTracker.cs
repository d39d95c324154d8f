namespace IncomingCalls.Infrastructure;

/// <summary>How long something has been failing: the gateway's queue must not stand still for ever over one notification.</summary>
internal sealed class DeliveryFailureTracker
{
    private DateTimeOffset _since;

    public int Failures { get; private set; }

    /// <summary>Counts a failed delivery, and tells whether it was the last.</summary>
    public bool RecordFailure(IncomingCallsOptions options, DateTimeOffset now)
    {
        _since = Failures++ == 0 ? now : _since;
        return options.GiveUpAfter is { } patience && Failures > options.GiveUpAfterRedeliveries && now - _since >= patience;
    }
}
