namespace IncomingCalls.ClusterTests;

/// <summary>How a silo ended.</summary>
internal enum SiloEnd
{
    /// <summary>By SIGKILL.</summary>
    Killed = 0,

    /// <summary>By itself, since the cluster had declared it dead.</summary>
    Evicted,

    /// <summary>As it was asked to.</summary>
    Terminated,

    /// <summary>By itself, and nobody knows why.</summary>
    Broken,
}
