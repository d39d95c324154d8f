using System.Collections.Immutable;
using IncomingCalls.Orleans.GrainInterfaces;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Adds the calls of this silo to buckets. A bucket receives one batch at a time: entries that arrive while a batch is sent share the next one,
/// as they share the write of the bucket. Safe to use from any thread.
/// </summary>
/// <remarks>One message per call added half a message to those of each notification (orleans.vs_grain, docs/performance.md).</remarks>
internal sealed class WakeUpEntryAppender(WakeUpBuckets buckets)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, WakeUpEntryBatch> _batches = [];

    /// <summary>Adds an entry to a bucket.</summary>
    /// <returns>A task that completes when the entry is stored.</returns>
    public Task AddAsync(int bucket, WakeUpEntryUpdate entry)
    {
        lock (_gate)
        {
            var isSending = _batches.TryGetValue(bucket, out var batch);
            if (!isSending)
            {
                _batches[bucket] = batch = new();
                // Outside the turns and the trace of the first call, whose grain may be deactivated in the meantime.
                ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Writer.SendBatchesAsync(work.Bucket), (Writer: this, Bucket: bucket), preferLocal: true);
            }

            return batch!.Add(entry);
        }
    }

    /// <summary>Sends batches until none is left.</summary>
    private async Task SendBatchesAsync(int bucket)
    {
        while (DequeueBatch(bucket) is { } batch)
        {
            try
            {
                buckets.ReportEntryCount(bucket, await buckets[bucket].AddAsync(batch.Entries));
                batch.Complete();
            }
            catch (Exception e)
            {
                batch.Fail(e);
            }
        }
    }

    /// <summary>Gets the next batch and replaces it with an empty one; null when there is none.</summary>
    private WakeUpEntryBatch? DequeueBatch(int bucket)
    {
        lock (_gate)
        {
            var batch = _batches[bucket];
            if (batch.IsEmpty)
            {
                _batches.Remove(bucket);
                return null;
            }

            _batches[bucket] = new();
            return batch;
        }
    }
}

/// <summary>Entries that are added to a bucket together. Not synchronized: the caller of <see cref="Add"/> must hold the lock of the writer.</summary>
internal sealed class WakeUpEntryBatch
{
    private readonly ImmutableArray<WakeUpEntryUpdate>.Builder _entries = ImmutableArray.CreateBuilder<WakeUpEntryUpdate>();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _entries.Count == 0;

    public ImmutableArray<WakeUpEntryUpdate> Entries => _entries.ToImmutable();

    /// <summary>Adds an entry.</summary>
    /// <returns>A task that completes when the batch is stored.</returns>
    public Task Add(WakeUpEntryUpdate entry)
    {
        _entries.Add(entry);
        return _completion.Task;
    }

    public void Complete() => _completion.SetResult();

    public void Fail(Exception e) => _completion.SetException(e);
}
