namespace IncomingCalls.ClusterTests;

/// <summary>What is done to a silo.</summary>
internal enum InjectedFault
{
    /// <summary>It is killed, and started again.</summary>
    Kill = 0,

    /// <summary>It hangs for a time in which the others may still wait for it.</summary>
    ShortPause,

    /// <summary>It hangs until the others have declared it dead, wakes, and finds that out.</summary>
    LongPause,
}
