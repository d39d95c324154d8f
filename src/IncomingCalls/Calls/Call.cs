using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls;

/// <summary>A call as described by its notifications. The same notifications give the same call, whatever the order of their arrival.</summary>
public sealed record Call
{
    /// <summary>The key of the call.</summary>
    public required CallKey Key { get; init; }

    /// <summary>Whether the call is incoming or outgoing.</summary>
    /// <value>Default: <see cref="CallDirection.Incoming"/>.</value>
    public CallDirection Direction { get; init; }

    /// <summary>Whether a notification has reported the call, or the call journal alone.</summary>
    /// <value>Default: <see cref="CallSource.Notification"/>.</value>
    public CallSource Source { get; init; }

    /// <summary>
    /// The other side: the caller, from the <c>from</c> of the offer, or the called chat of an outgoing call; <see cref="Caller.Anonymous"/> when no notification contains it.
    /// </summary>
    public Caller Caller { get; init; } = Caller.Anonymous;

    /// <summary>When the call began to ring, in UTC; null while no offer was received, and for an outgoing call.</summary>
    public DateTimeOffset? OfferedAt { get; init; }

    /// <summary>The outcome of the call.</summary>
    public CallOutcome Outcome { get; init; }

    /// <summary>
    /// Where <see cref="Outcome"/> comes from. The gateway's call journal is asked for an outcome that no notification has reported. An outcome of a notification takes
    /// precedence; the journal only raises it to <see cref="CallOutcome.Answered"/>.
    /// </summary>
    /// <value>Default: <see cref="CallSource.Notification"/>, also without an outcome.</value>
    public CallSource OutcomeSource { get; init; }

    /// <summary>
    /// When the call was answered, rejected or missed, in UTC; null without a reported outcome. Of an outgoing call, and of an outcome from the journal, it is when the call ended. Never
    /// before <see cref="OfferedAt"/>.
    /// </summary>
    public DateTimeOffset? OutcomeAt { get; init; }

    /// <summary>
    /// Whether an incoming call ended without being answered: <see cref="CallOutcome.Missed"/> or <see cref="CallOutcome.Dropped"/>. This is the state of the
    /// call, which several events can have in common: a handler decides by <see cref="CallEvent.Kind"/> whether to act.
    /// </summary>
    public bool IsUnanswered => Outcome is CallOutcome.Missed or CallOutcome.Dropped;

    /// <summary>When the call ended, in UTC; null while it rings, and for an incoming call that was answered, whose end notifications do not report.</summary>
    public DateTimeOffset? EndedAt => IsUnanswered || Direction == CallDirection.Outgoing || OutcomeSource == CallSource.Journal ? OutcomeAt : null;

    /// <summary>How long the call rang; null unless both the offer and the outcome were received. The journal does not contain the time at which a call was answered.</summary>
    public TimeSpan? RingTime => OutcomeSource == CallSource.Journal && !IsUnanswered ? null : OutcomeAt - OfferedAt;

    /// <summary>
    /// A version that increases with every new fact of the call, and most with a higher outcome. It does not depend on the order of
    /// arrival. A host that stores one row per call compares it to ignore older states. It can increase by more than 1.
    /// </summary>
    public int Version { get; init; }

    /// <summary>The contradictions between the notifications of the call.</summary>
    public CallAnomalies Anomalies { get; init; }
}

/// <summary>What has reported a call or its outcome.</summary>
public enum CallSource
{
    /// <summary>A notification, which the gateway sends while the call takes place.</summary>
    Notification = 0,

    /// <summary>The call journal of the gateway, which contains calls after their end.</summary>
    Journal,
}

/// <summary>Identifies a call: the instance and the <c>idMessage</c>.</summary>
public readonly record struct CallKey
{
    /// <summary>Initializes a key.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="idMessage">The id of the call within the instance.</param>
    [SetsRequiredMembers]
    public CallKey(long idInstance, string idMessage) => (IdInstance, IdMessage) = (idInstance, idMessage);

    /// <summary>The number of the instance that was called, or that placed the call.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The id of the call within the instance.</summary>
    public required string IdMessage { get; init; }

    /// <summary>Returns the key as text, such as <c>1101000001/AAAA…</c>. It contains no phone number.</summary>
    /// <returns>The key as text.</returns>
    public override string ToString() => $"{IdInstance}/{IdMessage}";
}

/// <summary>
/// The outcome of a call. Of several outcomes of a call, one takes precedence, whatever the order of arrival: answered, then not answered or dropped, then failed or missed.
/// </summary>
public enum CallOutcome
{
    /// <summary>Not known yet: the call is ringing, or only the fact of the call was reported.</summary>
    None = 0,

    /// <summary>No outcome was reported within <see cref="IncomingCallsOptions.OutcomeTimeout"/>.</summary>
    Unknown,

    /// <summary>The call was not answered, or the caller hung up first (<c>declined</c>, <c>missed</c>).</summary>
    Missed,

    /// <summary>The called side rejected the call (<c>hungUp</c>).</summary>
    Dropped,

    /// <summary>The call was answered (<c>pickUp</c>).</summary>
    Answered,

    /// <summary>Nobody answered the outgoing call (<c>hungUp</c>).</summary>
    NotAnswered,

    /// <summary>The outgoing call could not be placed (<c>invalid</c>).</summary>
    Failed,
}

/// <summary>Contradictions between the notifications of a call. They do not change the outcome; they help to explain it.</summary>
[Flags]
public enum CallAnomalies
{
    /// <summary>No contradiction.</summary>
    None = 0,

    /// <summary>More than one outcome status was reported, for example <c>missed</c> and <c>declined</c>.</summary>
    SeveralOutcomes = 1,

    /// <summary>A notification contains another <c>from</c> than the caller, a known fault of the gateway.</summary>
    OtherFrom = 2,

    /// <summary>
    /// An offer names the instance itself as the caller: an outgoing call that was reported as incoming, or a client's call with the wrong number. The
    /// caller is unknown, see <see cref="IncomingCallsOptions.OwnNumberCalls"/>. An outcome alone does not prove that.
    /// </summary>
    FromSelf = 4,

    /// <summary>The outcome has an earlier time than the offer.</summary>
    TimesReversed = 8,
}
