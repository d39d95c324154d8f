namespace IncomingCalls.ClusterTests;

/// <summary>One process of a cluster.</summary>
internal abstract record ProcessRun
{
    /// <summary>The number of the process among all processes of the cluster.</summary>
    public required int Process { get; init; }

    /// <summary>The number of the node.</summary>
    public required int Node { get; init; }

    /// <summary>Whether what the process did at a time does not count, because the cluster had excluded it and it did not know that yet.</summary>
    public virtual bool IsUnreliableAt(long at) => false;
}
