namespace IncomingCalls.CrashTests;

/// <summary>A broken promise.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Text">What happened; no phone numbers.</param>
internal sealed record Finding(FindingKind Kind, string Text);

/// <summary>What a promise was broken by.</summary>
internal enum FindingKind
{
    /// <summary>It was acknowledged, and a handler never ran to its end with it.</summary>
    Lost = 0,

    /// <summary>A handler ran again with an attempt whose end was marked, or that no kill had interrupted.</summary>
    RepeatedAttempt,

    /// <summary>A handler ran with an event that nothing explains: a repeat of the gateway, for one.</summary>
    UnexpectedEvent,

    /// <summary>A call ended with another outcome than its notifications tell.</summary>
    WrongOutcome,

    /// <summary>A handler saw the events of a call in another order than they happened, or an older call after a newer.</summary>
    OutOfOrder,

    /// <summary>A handler was told a number of attempts that is not that of the marks.</summary>
    WrongAttemptNumber,

    /// <summary>It was never acknowledged, although a host was there to take it.</summary>
    NotAcknowledged,

    /// <summary>Dead letters or quarantine hold something else than they should.</summary>
    WrongStoredItems,

    /// <summary>A host ended by itself, or its inbox file is not whole.</summary>
    HostFailure,
}
