using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>One process that was a silo.</summary>
internal sealed record SiloRun
{
    /// <summary>Its number among all processes of the cluster.</summary>
    public required int Process { get; init; }

    /// <summary>Which of the nodes it was.</summary>
    public required int Node { get; init; }

    /// <summary>When it was paused, oldest first, and what the storage owed then.</summary>
    public IReadOnlyList<SiloSnapshot> Pauses { get; init; } = [];

    /// <summary>When it was gone, and what the storage owed then.</summary>
    public required SiloSnapshot Ended { get; init; }

    public required SiloEnd EndKind { get; init; }

    /// <summary>How long a silo may not know that it was declared dead, when it was too slow to answer and not paused.</summary>
    private static readonly long MaxUnnoticedEviction = 10 * Stopwatch.Frequency;

    /// <summary>How long before its end the pause may have begun for which a silo was evicted.</summary>
    private static readonly long MaxPause = 30 * Stopwatch.Frequency;

    /// <summary>From when on it may have done what the cluster knows nothing of: the pause for which it was evicted; null for never.</summary>
    public long? UnreliableSince => EndKind != SiloEnd.Evicted ? null
        : Pauses is [.., var pause] && Ended.At - pause.At < MaxPause ? pause.At
        : Ended.At - MaxUnnoticedEviction;

    public bool IsUnreliableAt(long at) => UnreliableSince < at;

    public override string ToString() =>
        $"process {Process} of node {Node} ({EndKind}{(Pauses.Count == 0 ? "" : $", paused at {string.Join(", ", Pauses.Select(pause => pause.At))}")}, gone at {Ended.At})";
}

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

/// <summary>A moment at which a silo could do nothing more.</summary>
/// <param name="At">A timestamp of the machine.</param>
/// <param name="Pending">What the storage owed then: what is not in it is marked, and must not run again.</param>
internal sealed record SiloSnapshot(long At, IReadOnlySet<PendingDelivery> Pending);
