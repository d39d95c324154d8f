using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>The figures of a round.</summary>
internal sealed record ClusterRoundReport
{
    /// <summary>The number of the round in the campaign, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The folder of the logs and effects; it is deleted when there is no finding.</summary>
    public required string Folder { get; init; }

    /// <summary>The faults that were injected, and how the processes ended.</summary>
    public required IReadOnlyList<FaultCount> Faults { get; init; }

    public required int Notifications { get; init; }

    public required int Deliveries { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How many attempts were repeated because a fault fell between their start and their settlement.</summary>
    public required int RepeatedAttempts { get; init; }

    /// <summary>How many attempts a process made that had lost them to another one and did not know it yet.</summary>
    public required int AmbiguousAttempts { get; init; }

    public required int PollerRequests { get; init; }

    /// <summary>How many requests of an evicted silo overlapped with a request of its successor.</summary>
    public int AmbiguousPollerRequests { get; init; }

    /// <summary>The durations in which an instance had two pollers.</summary>
    public required IReadOnlyList<TimeSpan> Handovers { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Gets how often a fault was injected.</summary>
    public int CountOf(string fault) => Faults.Single(count => count.Name == fault).Count;
}

/// <summary>How often something was done to the processes, or happened to them.</summary>
internal sealed record FaultCount(string Name, int Count);
