namespace IncomingCalls;

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
