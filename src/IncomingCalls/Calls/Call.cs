namespace IncomingCalls;

/// <summary>A call as far as its notifications tell. The same notifications give the same call, in whatever order they arrive.</summary>
public sealed record Call
{
    /// <summary>Which call.</summary>
    public required CallKey Key { get; init; }

    /// <summary>Who started it.</summary>
    /// <value>Default: <see cref="CallDirection.Incoming"/>.</value>
    public CallDirection Direction { get; init; }

    /// <summary>Who rings, by the offer's <c>from</c>; <see cref="Caller.Anonymous"/> when no notification named anybody.</summary>
    public Caller Caller { get; init; } = Caller.Anonymous;

    /// <summary>When it began to ring, in UTC; null while no offer was seen.</summary>
    public DateTimeOffset? OfferedAt { get; init; }

    /// <summary>How it ended.</summary>
    public CallOutcome Outcome { get; init; }

    /// <summary>When it was answered, refused or given up, in UTC; null without a reported outcome. Never before <see cref="OfferedAt"/>.</summary>
    public DateTimeOffset? OutcomeAt { get; init; }

    /// <summary>Whether nobody spoke to the client: missed or dropped.</summary>
    public bool IsUnanswered => Outcome is CallOutcome.Missed or CallOutcome.Dropped;

    /// <summary>When it ended, in UTC; null while it rings, and for an answered call, whose end the gateway does not report.</summary>
    public DateTimeOffset? EndedAt => IsUnanswered ? OutcomeAt : null;

    /// <summary>How long it rang; null unless both the offer and the outcome were seen.</summary>
    public TimeSpan? RingTime => OutcomeAt - OfferedAt;

    /// <summary>
    /// Grows whenever something new is reported of this call, most of all by a higher outcome, and is the same for every order:
    /// what a host that keeps a row per call compares. Steps are not always 1.
    /// </summary>
    public int Version { get; init; }

    /// <summary>What does not fit together.</summary>
    public CallAnomalies Anomalies { get; init; }
}
