namespace IncomingCalls;

/// <summary>What a call may be at work on; one of each at a time, and one per handler.</summary>
internal enum CallTaskKind
{
    Attempt = 0,
    OutcomeTimeout,
    DeadLetterTransfer,
}
