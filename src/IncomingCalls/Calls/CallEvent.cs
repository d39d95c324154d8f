namespace IncomingCalls;

/// <summary>
/// Something that happened to a call; what a handler receives. Immutable. Tests can create one directly or with <c>CallEvents</c>
/// of IncomingCalls.Testing.
/// </summary>
public sealed class CallEvent
{
    /// <summary>
    /// The id of the event, and its idempotency key: the same for every handler, attempt, restart and redelivery. Use it as the
    /// primary key of what the handler writes, so that another attempt changes nothing. At most 300 characters; it contains no
    /// phone number.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>
    /// The kind of event. Decide by it what the handler does: it belongs to this event alone, whereas several events of a call can find the same state in
    /// <see cref="Call"/>.
    /// </summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The outcome of the call before this event; <see cref="CallOutcome.None"/> when none was known.</summary>
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>
    /// The notification that caused the event; null for <see cref="CallEventKind.OutcomeUnknown"/> and <see cref="CallEventKind.CallbackClosed"/>, and for an outcome that only the
    /// gateway's call journal has reported, see <see cref="Call.OutcomeSource"/>.
    /// </summary>
    public IncomingCallNotification? Notification { get; init; }

    /// <summary>
    /// The state of the call when this attempt starts: what to show or to store, not what happened. It can be newer than the event. When the attempt for
    /// <see cref="CallEventKind.Offered"/> starts late, for example after a failure, the outcome may be known already: a handler that tests
    /// <see cref="Call.IsUnanswered"/> would then act for that event and again for <see cref="CallEventKind.Missed"/>.
    /// </summary>
    /// <remarks>Of <see cref="CallEventKind.CallbackClosed"/>, it is no call: it has a key of its own and the person as the caller, and no outcome.</remarks>
    public required Call Call { get; init; }

    /// <summary>The callback that has ended; null unless the event is <see cref="CallEventKind.CallbackClosed"/>.</summary>
    public ClosedCallback? Callback { get; init; }

    /// <summary>The caller, with the name if it is known when this attempt starts.</summary>
    public Caller Caller
    {
        get => field ?? Call.Caller;
        init;
    }

    /// <summary>
    /// The caller as a person of the account of the instance; null for an anonymous caller and for a group. In a test that does not set it, the instance has no account.
    /// </summary>
    public Person? Person
    {
        get => field ?? Person.Of(Caller.ChatId, Call.Key.IdInstance, account: null);
        init;
    }

    /// <summary>The decision of the policy at the time when the event was stored.</summary>
    public CallDecision Decision { get; init; } = CallDecision.Handle();

    /// <summary>
    /// Whether the call was still ringing when this attempt started, as far as is known: the event is an offer not older than
    /// <see cref="IncomingCallsOptions.AlertWindow"/>, the call has no outcome, and it was not placed by the instance itself.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>The number of this attempt, starting from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When the event happened, in UTC: the time in the notification or in the journal, or else the time of receipt.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the notification was received, or the outcome was found in the journal, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>The kinds of <see cref="CallEvent"/>.</summary>
public enum CallEventKind
{
    /// <summary>The gateway sent a status that this version does not know; <see cref="IncomingCallNotification.RawStatus"/> holds its text.</summary>
    Unrecognized = 0,

    /// <summary>The call is ringing, or (gateways of 2021 to 2023, which send no status) a call took place.</summary>
    Offered,

    /// <summary>The call was answered, the incoming or the outgoing one: see <see cref="Call.Direction"/>.</summary>
    Answered,

    /// <summary>The called side rejected the call, or its Do Not Disturb mode did.</summary>
    Dropped,

    /// <summary>The call was not answered, or the caller hung up first.</summary>
    Missed,

    /// <summary>An offer was not followed by an outcome within <see cref="IncomingCallsOptions.OutcomeTimeout"/>.</summary>
    OutcomeUnknown,

    /// <summary>Nobody answered an outgoing call.</summary>
    NotAnswered,

    /// <summary>An outgoing call could not be placed.</summary>
    Failed,

    /// <summary>
    /// A person who was not answered before was spoken to: <see cref="CallEvent.Callback"/> names the unanswered calls, and what has ended the wait. Only handlers whose
    /// <see cref="CallHandlerOptions.Kinds"/> contain it receive it.
    /// </summary>
    CallbackClosed,
}
