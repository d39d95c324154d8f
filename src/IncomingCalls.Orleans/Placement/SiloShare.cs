
namespace IncomingCalls;

/// <summary>
/// Which of the grains that live for ever belong to this silo: each to the silo with the highest score for it, among those that the cluster
/// counts as active. All silos come to the same answer without asking, a silo more or less moves only its own share, and shares
/// are even. Only a plan: that a grain is in one place at a time, Orleans sees to.
/// </summary>
internal sealed class SiloShare(IClusterMembershipService membership, ILocalSiloDetails local)
{
    private volatile Members _members = new(null, []);

    /// <summary>Whether a grain belongs to this silo.</summary>
    public bool Holds(GrainId grain)
    {
        var snapshot = membership.CurrentSnapshot;
        if (_members.Snapshot != snapshot)
        {
            _members = new(snapshot, [.. snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress)]);
        }

        return _members.Active is { Length: > 0 } active && OwnerOf(grain, active).Equals(local.SiloAddress);
    }

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

    private sealed record Members(ClusterMembershipSnapshot? Snapshot, SiloAddress[] Active);
}
