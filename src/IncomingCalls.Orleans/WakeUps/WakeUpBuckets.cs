using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Chooses the buckets for the calls of this silo. Calls use the same bucket until it is filled, so that concurrent notifications share a
/// write, and a bucket whose grain is on this silo. Safe to use from any thread.
/// </summary>
internal sealed class WakeUpBuckets(GrainPartitioner partitioner, IGrainFactory grains)
{
    /// <summary>The number of buckets. It must never be reduced, because buckets beyond the number would never be activated.</summary>
    public const int Count = 256;

    /// <summary>A filled bucket takes about 2 KiB in the storage, which each of its writes contains. With 64 calls in a bucket orleans.vs_grain was 0.74 instead of 0.82, on a busy machine.</summary>
    private const int TargetEntryCount = 16;

    private readonly IWakeUpBucketGrain?[] _buckets = new IWakeUpBucketGrain?[Count];
    private int _current = Random.Shared.Next(Count);

    /// <summary>Gets the grain of a bucket. References are cached, because resolving the grain type of an interface costs as much as a call.</summary>
    public IWakeUpBucketGrain this[int bucket] => _buckets[bucket] ??= grains.GetGrain<IWakeUpBucketGrain>(bucket);

    /// <summary>Chooses the bucket for a new entry.</summary>
    public int ChooseBucket()
    {
        var start = _current;
        for (var step = 0; step < Count; step++)
        {
            var bucket = (start + step) % Count;
            if (partitioner.IsLocal(this[bucket].GetGrainId()))
            {
                return _current = bucket;
            }
        }

        // There are more silos than buckets, or this silo is not a member of the cluster yet.
        return start;
    }

    /// <summary>Reports the number of entries of a bucket; a filled bucket is not chosen for further calls.</summary>
    public void ReportEntryCount(int bucket, int calls)
    {
        if (calls >= TargetEntryCount)
        {
            Interlocked.CompareExchange(ref _current, (bucket + 1) % Count, bucket);
        }
    }
}
