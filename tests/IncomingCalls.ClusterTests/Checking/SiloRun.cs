using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>One process that was a silo.</summary>
internal sealed record SiloRun : ProcessRun
{
    /// <summary>The times at which the silo was paused, oldest first, and the pending deliveries of the storage then.</summary>
    public IReadOnlyList<SiloSnapshot> Pauses { get; init; } = [];

    /// <summary>The time at which the silo had exited, and the pending deliveries of the storage then.</summary>
    public required SiloSnapshot Ended { get; init; }

    public required SiloEnd EndKind { get; init; }

    /// <summary>How long a silo that was slow, not paused, may run without knowing that it was declared dead.</summary>
    private static readonly long MaxUnnoticedEviction = 10 * Stopwatch.Frequency;

    /// <summary>The longest time between the beginning of a pause and the exit of a silo that was evicted because of it.</summary>
    private static readonly long MaxPause = 30 * Stopwatch.Frequency;

    /// <summary>The time since which the silo may have acted without being a member: the pause that caused its eviction; null when it was not evicted.</summary>
    public long? UnreliableSince => EndKind != SiloEnd.Evicted ? null
        : Pauses is [.., var pause] && Ended.At - pause.At < MaxPause ? pause.At
        : Ended.At - MaxUnnoticedEviction;

    public override bool IsUnreliableAt(long at) => UnreliableSince < at;

    public override string ToString() =>
        $"process {Process} of node {Node} ({EndKind}{(Pauses.Count == 0 ? "" : $", paused at {string.Join(", ", Pauses.Select(pause => pause.At))}")}, exited at {Ended.At})";
}

/// <summary>How a silo ended.</summary>
internal enum SiloEnd
{
    /// <summary>It was killed by SIGKILL.</summary>
    Killed = 0,

    /// <summary>It ended its process because the cluster had declared it dead.</summary>
    Evicted,

    /// <summary>It was asked to stop, and did.</summary>
    Terminated,

    /// <summary>It exited for an unknown reason.</summary>
    Broken,
}

/// <summary>The state of the storage at a moment at which a silo could not act any more.</summary>
/// <param name="At">A timestamp of the machine.</param>
/// <param name="Pending">The pending deliveries of the storage. A delivery that is missing here is settled and must not run again.</param>
internal sealed record SiloSnapshot(long At, IReadOnlySet<PendingDelivery> Pending);
