using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>The figures of a campaign.</summary>
internal sealed record ClusterReport
{
    /// <summary>All processes that were silos.</summary>
    public required IReadOnlyList<SiloLife> Lives { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }
}
