using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>A moment at which a silo could do nothing more.</summary>
/// <param name="At">A timestamp of the machine.</param>
/// <param name="Pending">What the storage owed then: what is not in it is marked, and must not run again.</param>
internal sealed record SiloSnapshot(long At, IReadOnlySet<PendingDelivery> Pending);
