using System.Diagnostics.CodeAnalysis;

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

/// <summary>What tells one call from every other: the instance and the <c>idMessage</c>.</summary>
public readonly record struct CallKey
{
    /// <summary>Names a call.</summary>
    /// <param name="idInstance">The account that was called.</param>
    /// <param name="idMessage">The id of the call within the instance.</param>
    [SetsRequiredMembers]
    public CallKey(long idInstance, string idMessage) => (IdInstance, IdMessage) = (idInstance, idMessage);

    /// <summary>The account that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The id of the call within the instance.</summary>
    public required string IdMessage { get; init; }

    /// <summary><c>1101000001/AAAA…</c>: it holds no phone number.</summary>
    /// <returns>The key as text.</returns>
    public override string ToString() => $"{IdInstance}/{IdMessage}";
}

/// <summary>Who started a call.</summary>
public enum CallDirection
{
    /// <summary>The other side rang the instance.</summary>
    Incoming = 0,

    /// <summary>The instance rang the other side. Reserved: <c>outgoingCall</c> notifications are foreign in this version.</summary>
    Outgoing,
}

/// <summary>How a call ended. A higher value outranks a lower one, whatever the order in which they are reported.</summary>
public enum CallOutcome
{
    /// <summary>Not known yet: it rings, or only the fact of the call was reported.</summary>
    None = 0,

    /// <summary>No outcome was reported in time.</summary>
    Unknown,

    /// <summary>Nobody answered, or the caller gave up (<c>declined</c>, <c>missed</c>).</summary>
    Missed,

    /// <summary>The called side refused (<c>hungUp</c>).</summary>
    Dropped,

    /// <summary>Somebody answered (<c>pickUp</c>).</summary>
    Answered,
}

/// <summary>What does not fit together in the notifications of a call. They change no outcome; they explain one.</summary>
[Flags]
public enum CallAnomalies
{
    /// <summary>Everything fits.</summary>
    None = 0,

    /// <summary>More than one outcome status was reported, <c>missed</c> and <c>declined</c> for example.</summary>
    SeveralOutcomes = 1,

    /// <summary>A notification named another <c>from</c> than the caller, a known fault of the gateway.</summary>
    OtherFrom = 2,

    /// <summary>The call rang from the instance itself: an outgoing call reported as incoming. An outcome alone does not say so.</summary>
    FromSelf = 4,

    /// <summary>The outcome carries an earlier time than the offer.</summary>
    TimesReversed = 8,
}
