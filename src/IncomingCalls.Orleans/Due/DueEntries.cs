namespace IncomingCalls;

/// <summary>
/// Enters the calls of this silo into buckets. A bucket is told of one group at a time: who comes while one is under way shares the next, as
/// they would share the bucket's write. Safe to use from any thread.
/// </summary>
/// <remarks>A message to the bucket per call was half a message per notification on top of the notification's own (orleans.vs_grain, docs/performance.md).</remarks>
internal sealed class DueEntries(DueBuckets buckets)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, DueGroup> _waiting = [];

    /// <summary>Enters a call.</summary>
    /// <returns>When the entry is in the storage.</returns>
    public Task KeepAsync(int bucket, DueReport entry)
    {
        lock (_gate)
        {
            var isUnderWay = _waiting.TryGetValue(bucket, out var group);
            if (!isUnderWay)
            {
                _waiting[bucket] = group = new();
                // Not in the turns of the call that happens to be the first, which may end; nor in its trace.
                ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Entries.SendAllAsync(work.Bucket), (Entries: this, Bucket: bucket), preferLocal: true);
            }

            return group!.Add(entry);
        }
    }

    /// <summary>Sends groups until none is left.</summary>
    private async Task SendAllAsync(int bucket)
    {
        while (TakeGroup(bucket) is { } group)
        {
            try
            {
                buckets.Filled(bucket, await buckets[bucket].KeepAsync(group.Entries));
                group.Done();
            }
            catch (Exception e)
            {
                group.Failed(e);
            }
        }
    }

    /// <summary>The next group, in whose place others gather from now on; null when there is none.</summary>
    private DueGroup? TakeGroup(int bucket)
    {
        lock (_gate)
        {
            var group = _waiting[bucket];
            if (group.IsEmpty)
            {
                _waiting.Remove(bucket);
                return null;
            }

            _waiting[bucket] = new();
            return group;
        }
    }
}
