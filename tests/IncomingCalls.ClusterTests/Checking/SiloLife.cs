namespace IncomingCalls.ClusterTests;

/// <summary>One process that was a silo.</summary>
internal sealed record SiloLife
{
    /// <summary>Its number among all processes of the cluster.</summary>
    public required int Process { get; init; }

    /// <summary>Which of the nodes it was.</summary>
    public required int Node { get; init; }

    /// <summary>When it was paused, oldest first, and what the storage owed then.</summary>
    public IReadOnlyList<Standstill> Pauses { get; init; } = [];

    /// <summary>When it was gone, and what the storage owed then.</summary>
    public required Standstill Gone { get; init; }

    public required SiloEnd End { get; init; }

    /// <summary>Whether it had been paused before it was evicted: from then on it may do what the cluster knows nothing of.</summary>
    public bool IsDoubtfulAt(long at) => End == SiloEnd.Evicted && Pauses[^1].At < at;

    public override string ToString() =>
        $"process {Process} of node {Node} ({End}{(Pauses.Count == 0 ? "" : $", paused at {string.Join(", ", Pauses.Select(pause => pause.At))}")}, gone at {Gone.At})";
}
