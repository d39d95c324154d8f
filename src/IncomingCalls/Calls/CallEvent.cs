namespace IncomingCalls;

/// <summary>
/// One thing that happened to a call: what a handler receives. Immutable; anybody can make one for a test, see also
/// <c>CallEvents</c> in IncomingCalls.Testing.
/// </summary>
public sealed class CallEvent
{
    /// <summary>
    /// The identity of the event: the same for every handler, attempt, restart and repeat. Use it as the primary key of what
    /// you write, and a repeated run changes nothing. At most 300 characters; it holds no phone number.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>What happened.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The outcome that this event raised, when an outcome was known before; else <see cref="CallOutcome.None"/>.</summary>
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>The notification that brought the event; null only for <see cref="CallEventKind.OutcomeUnknown"/>.</summary>
    public IncomingCallNotification? Notification { get; init; }

    /// <summary>The call as it is when this attempt starts, which may be further than this event.</summary>
    public required Call Call { get; init; }

    /// <summary>Who rings, with the name as far as it is known when this attempt starts.</summary>
    public Caller Caller
    {
        get => field ?? Call.Caller;
        init;
    }

    /// <summary>What the policy decided when the event was stored.</summary>
    public CallDecision Decision { get; init; } = CallDecision.Handle();

    /// <summary>
    /// Whether the call was still ringing when this attempt started, as far as we know: an offer no older than
    /// <see cref="IncomingCallsOptions.AlertWindow"/>, without an outcome, not placed by the instance itself.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>The number of this attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When it happened, in UTC: the notification's time, else the time of receipt.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>What happened to a call.</summary>
public enum CallEventKind
{
    /// <summary>The gateway sent a status that this version does not know; the notification keeps its text.</summary>
    Unrecognized = 0,

    /// <summary>The call rings, or (2021–23 gateways, without a status) a call happened.</summary>
    Offered,

    /// <summary>Somebody answered.</summary>
    Answered,

    /// <summary>The called side refused, or Do-Not-Disturb did.</summary>
    Dropped,

    /// <summary>Nobody answered, or the caller gave up.</summary>
    Missed,

    /// <summary>An offer was never followed by an outcome within <see cref="IncomingCallsOptions.OutcomeTimeout"/>.</summary>
    OutcomeUnknown,
}
