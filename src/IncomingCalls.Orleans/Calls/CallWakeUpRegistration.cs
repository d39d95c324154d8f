using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.Calls;

/// <summary>The entry of a call in the bucket that wakes it. Use it only in the turns of the call grain.</summary>
/// <param name="owner">The call grain.</param>
/// <param name="context">The shared dependencies of call grains.</param>
internal sealed class CallWakeUpRegistration(IGrainContext owner, CallGrainServices context)
{
    private (int Bucket, long Generation)? _registered;
    private WakeUpEntry? _lastReported;
    private int? _reportedBucket;
    private bool _isScheduledForRetention;

    // Created for each update, so that an idle call stores no copy of its key.
    private string Key => owner.GrainId.Key.ToString()!;

    /// <summary>Ensures that the bucket has stored the call, concurrently with the write that makes it due.</summary>
    public async Task EnsureRegisteredAsync(CallGrainState next)
    {
        if (next.ToWakeUpEntry() is { } due && next.Bucket is { } bucket && _registered != (bucket, next.Generation))
        {
            await context.EntryWriter.AddAsync(bucket, new() { Call = Key, Generation = due.Generation, Entry = due });
            _registered = (bucket, next.Generation);
            _lastReported = due;
        }
    }

    /// <summary>Records that the bucket has the entry, because it woke the call.</summary>
    public void MarkRegistered(CallGrainState state) => _registered = (state.Bucket!.Value, state.Generation);

    /// <summary>Buffers an update for the bucket. A lost update costs only an unnecessary wake-up of the call.</summary>
    public void ReportState(CallGrainState state)
    {
        if (_registered is { } registered)
        {
            ReportState(state, registered.Bucket, registered.Generation);
        }
        else if (state is { DueAt: null, Call: not null } && !_isScheduledForRetention)
        {
            // A call without pending work is in no bucket, but one bucket has to delete it when its retention ends.
            EnqueueRemoval(context.Buckets.ChooseBucket(), generation: 0);
        }
    }

    /// <summary>Sends the update to the bucket at once and waits until the bucket has it, or cannot be reached.</summary>
    public Task FlushStateAsync(CallGrainState state)
    {
        ReportState(state);
        return _reportedBucket is { } bucket ? context.EntryUpdates.FlushAsync(bucket) : Task.CompletedTask;
    }

    private void ReportState(CallGrainState state, int bucket, long generation)
    {
        // A higher generation belongs to a write in progress, which the state does not contain yet.
        if (state.Generation < generation)
        {
            return;
        }

        var due = state.Bucket == bucket && state.Generation == generation ? state.ToWakeUpEntry() : null;
        if (due == _lastReported)
        {
            return;
        }

        if (due is null)
        {
            _registered = null;
            EnqueueRemoval(bucket, generation);
        }
        else
        {
            Enqueue(bucket, new() { Call = Key, Generation = generation, Entry = due });
        }

        _lastReported = due;
    }

    private void EnqueueRemoval(int bucket, long generation)
    {
        _isScheduledForRetention = true;
        Enqueue(bucket, new() { Call = Key, Generation = generation });
    }

    private void Enqueue(int bucket, WakeUpEntryUpdate update)
    {
        _reportedBucket = bucket;
        context.EntryUpdates.Enqueue(bucket, update);
    }
}
