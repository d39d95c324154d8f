namespace IncomingCalls.ClusterTests;

/// <summary>One process that was a node of the PostgreSQL inbox.</summary>
internal sealed record NodeRun : ProcessRun
{
    public required NodeEnd EndKind { get; init; }

    public override string ToString() => $"process {Process} of node {Node} ({EndKind})";
}

/// <summary>How a node ended.</summary>
internal enum NodeEnd
{
    /// <summary>It was killed by SIGKILL.</summary>
    Killed = 0,

    /// <summary>A handler ended the process.</summary>
    FailedFast,

    /// <summary>It was asked to stop, and did.</summary>
    Terminated,

    /// <summary>It exited for an unknown reason.</summary>
    Broken,
}
