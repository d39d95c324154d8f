namespace IncomingCalls;

/// <summary>How much waits in an inbox.</summary>
public sealed class InboxStatistics
{
    /// <summary>How many pairs of event and handler are not handled yet.</summary>
    public required long Depth { get; init; }

    /// <summary>When the oldest of them was received, in UTC; null when nothing waits.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>How many dead letters there are.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>How many notifications are in quarantine.</summary>
    public required long Quarantined { get; init; }
}
