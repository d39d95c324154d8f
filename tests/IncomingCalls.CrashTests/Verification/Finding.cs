namespace IncomingCalls.CrashTests;

/// <summary>A violated guarantee.</summary>
/// <param name="Kind">The kind of violation.</param>
/// <param name="Text">What happened; contains no phone numbers.</param>
internal sealed record Finding(FindingKind Kind, string Text);

/// <summary>The kinds of violations.</summary>
internal enum FindingKind
{
    /// <summary>A notification was acknowledged, and a handler never completed its event.</summary>
    Lost = 0,

    /// <summary>An attempt was repeated although it was settled, or although no kill had interrupted it.</summary>
    RepeatedAttempt,

    /// <summary>A handler received an event that no notification explains, for example one raised by a duplicate.</summary>
    UnexpectedEvent,

    /// <summary>A call has another outcome than its notifications imply.</summary>
    WrongOutcome,

    /// <summary>A handler received the events of a call out of order, or an older version of the call after a newer one.</summary>
    OutOfOrder,

    /// <summary>A handler received an attempt number that does not match the settled attempts.</summary>
    WrongAttemptNumber,

    /// <summary>A notification was never acknowledged although a host was running.</summary>
    NotAcknowledged,

    /// <summary>The dead letters or the quarantine do not contain what they should.</summary>
    WrongStoredItems,

    /// <summary>What a handler wrote in the transaction of its event was committed more than once, or although its attempt failed.</summary>
    WrongTransaction,

    /// <summary>A host exited unexpectedly, logged an unexpected error, or left a damaged inbox file.</summary>
    HostFailure,
}
