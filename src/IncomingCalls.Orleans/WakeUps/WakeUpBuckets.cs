
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Chooses the buckets for the calls of this silo. All of them go into the same one until it is well filled, so that what comes in at the same
/// time shares a write; and into one that lives on this silo. Safe to use from any thread.
/// </summary>
internal sealed class WakeUpBuckets(GrainPartitioner share, IGrainFactory grains)
{
    /// <summary>For ever: a bucket beyond the number would be woken by nobody.</summary>
    public const int Count = 256;

    /// <summary>A full bucket is about 2 KiB in the storage, which is what each of its writes writes. With 64 calls in a bucket orleans.vs_grain was 0.74 instead of 0.82, on a busy machine.</summary>
    private const int TargetEntryCount = 16;

    private readonly IWakeUpBucketGrain?[] _buckets = new IWakeUpBucketGrain?[Count];
    private int _current = Random.Shared.Next(Count);

    /// <summary>The grain of a bucket. Kept, since finding out which grain an interface means costs as much as calling it.</summary>
    public IWakeUpBucketGrain this[int bucket] => _buckets[bucket] ??= grains.GetGrain<IWakeUpBucketGrain>(bucket);

    /// <summary>The bucket to enter a call into.</summary>
    public int ChooseBucket()
    {
        var start = _current;
        for (var step = 0; step < Count; step++)
        {
            var bucket = (start + step) % Count;
            if (share.IsLocal(this[bucket].GetGrainId()))
            {
                return _current = bucket;
            }
        }

        // More silos than buckets, or no member of the cluster yet.
        return start;
    }

    /// <summary>A bucket told how many calls it has.</summary>
    public void ReportEntryCount(int bucket, int calls)
    {
        if (calls >= TargetEntryCount)
        {
            Interlocked.CompareExchange(ref _current, (bucket + 1) % Count, bucket);
        }
    }
}
