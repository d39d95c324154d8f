using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.Calls;

/// <summary>The entry of a call in the bucket that wakes it. Belongs to the turns of the call's grain.</summary>
/// <param name="owner">The call's grain.</param>
/// <param name="context">What calls share.</param>
internal sealed class CallWakeUpRegistration(IGrainContext owner, CallGrainContext context)
{
    private (int Bucket, long Ticket)? _registered;
    private WakeUpEntry? _lastReported;
    private int? _reportedBucket;
    private bool _isScheduledForRetention;

    // Made anew for each report: a call that rests keeps no copy of its key.
    private string Key => owner.GrainId.Key.ToString()!;

    /// <summary>Sees to it that the bucket has the call for good, beside the write that makes it due.</summary>
    public async Task EnsureRegisteredAsync(CallGrainState next)
    {
        if (next.ToWakeUpEntry() is { } due && next.Bucket is { } bucket && _registered != (bucket, next.Generation))
        {
            await context.EntryWriter.AddAsync(bucket, new() { Call = Key, Generation = due.Generation, Entry = due });
            _registered = (bucket, next.Generation);
            _lastReported = due;
        }
    }

    /// <summary>The bucket has proved that it has the entry.</summary>
    public void MarkRegistered(CallGrainState record) => _registered = (record.Bucket!.Value, record.Generation);

    /// <summary>Tells the bucket in a moment what changed: what it does not hear costs a call that is woken for nothing.</summary>
    public void ReportState(CallGrainState record)
    {
        if (_registered is { } kept)
        {
            ReportState(record, kept.Bucket, kept.Ticket);
        }
        else if (record is { DueAt: null, Call: not null } && !_isScheduledForRetention)
        {
            // A call that was only ever updated is in no bucket; some bucket has to forget it all the same.
            EnqueueRemoval(context.Buckets.ChooseBucket(), ticket: 0);
        }
    }

    /// <summary>Tells the bucket now, and waits until it knows.</summary>
    public Task FlushStateAsync(CallGrainState record)
    {
        ReportState(record);
        return _reportedBucket is { } bucket ? context.EntryUpdates.FlushAsync(bucket) : Task.CompletedTask;
    }

    private void ReportState(CallGrainState record, int bucket, long ticket)
    {
        // A later ticket belongs to a write that is under way; until it is done the record knows nothing of it.
        if (record.Generation < ticket)
        {
            return;
        }

        var due = record.Bucket == bucket && record.Generation == ticket ? record.ToWakeUpEntry() : null;
        if (due == _lastReported)
        {
            return;
        }

        if (due is null)
        {
            _registered = null;
            EnqueueRemoval(bucket, ticket);
        }
        else
        {
            Enqueue(bucket, new() { Call = Key, Generation = ticket, Entry = due });
        }

        _lastReported = due;
    }

    private void EnqueueRemoval(int bucket, long ticket)
    {
        _isScheduledForRetention = true;
        Enqueue(bucket, new() { Call = Key, Generation = ticket });
    }

    private void Enqueue(int bucket, WakeUpEntryUpdate report)
    {
        _reportedBucket = bucket;
        context.EntryUpdates.Enqueue(bucket, report);
    }
}
