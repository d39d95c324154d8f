namespace IncomingCalls;

/// <summary>Somebody rings now.</summary>
public sealed class OperatorAlert
{
    /// <summary>The identity of the offer: the same when the alert is raised, updated and withdrawn.</summary>
    public required string EventId { get; init; }

    /// <summary>The call.</summary>
    public required Call Call { get; init; }

    /// <summary>The caller's chat; null when the gateway named nobody.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>Who rings, with the name as far as it is known.</summary>
    public required Caller Caller { get; init; }

    /// <summary>When it began to ring, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the alert is over at the latest, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
