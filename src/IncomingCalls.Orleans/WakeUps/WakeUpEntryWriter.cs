using System.Collections.Immutable;
using IncomingCalls.Orleans.GrainInterfaces;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Enters the calls of this silo into buckets. A bucket is told of one group at a time: who comes while one is under way shares the next, as
/// they would share the bucket's write. Safe to use from any thread.
/// </summary>
/// <remarks>A message to the bucket per call was half a message per notification on top of the notification's own (orleans.vs_grain, docs/performance.md).</remarks>
internal sealed class WakeUpEntryWriter(WakeUpBuckets buckets)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, WakeUpEntryBatch> _batches = [];

    /// <summary>Enters a call.</summary>
    /// <returns>When the entry is in the storage.</returns>
    public Task AddAsync(int bucket, WakeUpEntryUpdate entry)
    {
        lock (_gate)
        {
            var isUnderWay = _batches.TryGetValue(bucket, out var group);
            if (!isUnderWay)
            {
                _batches[bucket] = group = new();
                // Not in the turns of the call that happens to be the first, which may end; nor in its trace.
                ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Entries.SendBatchesAsync(work.Bucket), (Entries: this, Bucket: bucket), preferLocal: true);
            }

            return group!.Add(entry);
        }
    }

    /// <summary>Sends groups until none is left.</summary>
    private async Task SendBatchesAsync(int bucket)
    {
        while (DequeueBatch(bucket) is { } group)
        {
            try
            {
                buckets.ReportEntryCount(bucket, await buckets[bucket].AddAsync(group.Entries));
                group.Complete();
            }
            catch (Exception e)
            {
                group.Fail(e);
            }
        }
    }

    /// <summary>The next group, in whose place others gather from now on; null when there is none.</summary>
    private WakeUpEntryBatch? DequeueBatch(int bucket)
    {
        lock (_gate)
        {
            var group = _batches[bucket];
            if (group.IsEmpty)
            {
                _batches.Remove(bucket);
                return null;
            }

            _batches[bucket] = new();
            return group;
        }
    }
}

/// <summary>Calls that are entered into a bucket together. Whoever adds to it sees to it that nobody else does.</summary>
internal sealed class WakeUpEntryBatch
{
    private readonly ImmutableArray<WakeUpEntryUpdate>.Builder _entries = ImmutableArray.CreateBuilder<WakeUpEntryUpdate>();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _entries.Count == 0;

    public ImmutableArray<WakeUpEntryUpdate> Entries => _entries.ToImmutable();

    /// <summary>Adds a call.</summary>
    /// <returns>When the group is in the storage.</returns>
    public Task Add(WakeUpEntryUpdate entry)
    {
        _entries.Add(entry);
        return _completion.Task;
    }

    public void Complete() => _completion.SetResult();

    public void Fail(Exception e) => _completion.SetException(e);
}
