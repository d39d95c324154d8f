namespace IncomingCalls.CrashTests;

/// <summary>What a handler did in an attempt, by its own account.</summary>
internal enum EffectResult
{
    Done = 0,

    /// <summary>It failed, and is to be tried again.</summary>
    Failed,

    /// <summary>It refused: a dead letter.</summary>
    Rejected,
}
