namespace IncomingCalls;

/// <summary>What a call may be at work on; one of each at a time, and one per handler.</summary>
internal enum WorkKind
{
    Handler = 0,
    Outcome,
    DeadLetters,
}
