using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>The evidence of a cluster, in which processes live beside each other.</summary>
internal sealed record ClusterEvidence : Evidence
{
    /// <summary>All processes that were silos.</summary>
    public required SiloRuns Silos { get; init; }

    public override IRepeatedAttemptRule RepeatRule => Silos;
}
