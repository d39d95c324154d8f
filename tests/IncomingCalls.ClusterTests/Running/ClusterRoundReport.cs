using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>What a round came to.</summary>
internal sealed record ClusterRoundReport
{
    /// <summary>Which of the campaign's rounds it was, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Where logs and effects lie, when there are findings.</summary>
    public required string Folder { get; init; }

    /// <summary>All processes that were silos.</summary>
    public required IReadOnlyList<SiloRun> Runs { get; init; }

    public required int Notifications { get; init; }

    public required int Deliveries { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How many of the attempts were made again after a kill or an eviction before their mark.</summary>
    public required int RepeatedAttempts { get; init; }

    /// <summary>How many an evicted silo and its successor both made before it ended.</summary>
    public required int AmbiguousAttempts { get; init; }

    public required int PollerRequests { get; init; }

    /// <summary>How many of them an evicted silo made beside its successor.</summary>
    public required int AmbiguousPollerRequests { get; init; }

    /// <summary>The times in which an instance had two pollers.</summary>
    public required IReadOnlyList<TimeSpan> Handovers { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }
}
