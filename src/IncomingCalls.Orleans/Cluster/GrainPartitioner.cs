using System.Collections.Immutable;
using IncomingCalls.Orleans.Callers;
using IncomingCalls.Orleans.Polling;
using Orleans.Metadata;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>
/// Assigns the permanently active grains to silos by rendezvous hashing: each grain to the silo with the highest score for it, among the
/// active silos that have the capabilities which the grain needs. All silos compute the same assignment without communication, a silo that
/// joins or leaves moves only its own partition, and partitions are even. The assignment is only a plan: Orleans ensures that a grain has one
/// activation. Safe to use from any thread.
/// </summary>
internal sealed class GrainPartitioner(IClusterMembershipService membership, IClusterManifestProvider manifest, ILocalSiloDetails local)
{
    private static readonly GrainType PollerType = GrainType.Create(PollerGrain.Type);
    private static readonly GrainType CallerNamesType = GrainType.Create(CallerNamesGrain.Type);

    private volatile Members _members = new(null, null, [], []);

    /// <summary>Determines whether a grain is assigned to this silo.</summary>
    public bool IsLocal(GrainId grain)
    {
        var (snapshot, known) = (membership.CurrentSnapshot, manifest.Current);
        var members = _members;
        if (members.Snapshot != snapshot || members.Manifest != known)
        {
            var active = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).ToArray();
            _members = members = new(snapshot, known, SelectCapable(active, SiloCapabilities.HasInbox, known), SelectCapable(active, SiloCapabilities.CanPoll, known));
        }

        return (NeedsGatewayClient(grain) ? members.WithGatewayClient : members.WithInbox) is { Length: > 0 } suitable && OwnerOf(grain, suitable).Equals(local.SiloAddress);
    }

    /// <summary>Chooses the silo for the placement of a grain.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="silos">The candidates, at least one. A silo without the needed capability is chosen only when no candidate has it.</param>
    public SiloAddress ChooseSilo(GrainId grain, SiloAddress[] silos) =>
        OwnerOf(grain, SelectCapable(silos, NeedsGatewayClient(grain) ? SiloCapabilities.CanPoll : SiloCapabilities.HasInbox, manifest.Current) is { Length: > 0 } suitable ? suitable : silos);

    /// <summary>Gets the silo that a grain is assigned to.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="silos">The candidates, at least one.</param>
    public static SiloAddress OwnerOf(GrainId grain, SiloAddress[] silos)
    {
        var owner = silos[0];
        var highest = Score(grain, owner);
        foreach (var silo in silos.AsSpan(1))
        {
            var score = Score(grain, silo);
            if (score > highest || (score == highest && silo.CompareTo(owner) > 0))
            {
                (owner, highest) = (silo, score);
            }
        }

        return owner;
    }

    /// <summary>Computes the score of a silo for a grain. Both hashes are the same on every machine; the finalizer of SplitMix64 distributes them evenly.</summary>
    private static ulong Score(GrainId grain, SiloAddress silo)
    {
        var mixed = ((ulong)grain.GetUniformHashCode() << 32) | (uint)silo.GetConsistentHashCode();
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    private static bool NeedsGatewayClient(GrainId grain) => grain.Type == PollerType || grain.Type == CallerNamesType;

    private static SiloAddress[] SelectCapable(SiloAddress[] silos, Func<GrainManifest, bool> can, ClusterManifest known) =>
        [.. silos.Where(silo => known.Silos.GetValueOrDefault(silo) is { } its && can(its))];

    private sealed record Members(ClusterMembershipSnapshot? Snapshot, ClusterManifest? Manifest, SiloAddress[] WithInbox, SiloAddress[] WithGatewayClient);
}
