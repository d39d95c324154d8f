using System.Collections.Immutable;
using IncomingCalls.Orleans.Callers;
using IncomingCalls.Orleans.Polling;
using Orleans.Metadata;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>
/// Which of the grains that live for ever belong to this silo: each to the silo with the highest score for it, among those that the cluster
/// counts as active and that have what the grain needs. All silos come to the same answer without asking, a silo more or less moves only its
/// own share, and shares are even. Only a plan: that a grain is in one place at a time, Orleans sees to. Safe to use from any thread.
/// </summary>
internal sealed class GrainPartitioner(IClusterMembershipService membership, IClusterManifestProvider manifest, ILocalSiloDetails local)
{
    private static readonly GrainType PollerType = GrainType.Create(PollerGrain.Type);
    private static readonly GrainType CallerNamesType = GrainType.Create(CallerNamesGrain.Type);

    private volatile Members _members = new(null, null, [], []);

    /// <summary>Whether a grain belongs to this silo.</summary>
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

    /// <summary>The silo to put a grain on.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="silos">The silos to choose from, one at least; one that lacks what the grain needs is chosen only where all do.</param>
    public SiloAddress ChooseSilo(GrainId grain, SiloAddress[] silos) =>
        OwnerOf(grain, SelectCapable(silos, NeedsGatewayClient(grain) ? SiloCapabilities.CanPoll : SiloCapabilities.HasInbox, manifest.Current) is { Length: > 0 } suitable ? suitable : silos);

    /// <summary>The silo that a grain belongs to.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="silos">The silos to choose from, one at least.</param>
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

    /// <summary>Both hashes are the same on every machine. The rest is the finaliser of SplitMix64, which spreads them evenly.</summary>
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
