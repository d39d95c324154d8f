namespace IncomingCalls;

/// <summary>The entry of a call in the bucket that wakes it. Belongs to the turns of the call's grain.</summary>
/// <param name="owner">The call's grain.</param>
/// <param name="context">What calls share.</param>
internal sealed class CallBucketEntry(IGrainContext owner, CallGrainContext context)
{
    private (int Bucket, long Ticket)? _kept;
    private DueCall? _told;
    private int? _toldTo;
    private bool _isToBeForgotten;

    // Made anew for each report: a call that rests keeps no copy of its key.
    private string Key => owner.GrainId.Key.ToString()!;

    /// <summary>Sees to it that the bucket has the call for good, beside the write that makes it due.</summary>
    public async Task EnsureAsync(CallRecord next)
    {
        if (next.ToDue() is { } due && next.Bucket is { } bucket && _kept != (bucket, next.Ticket))
        {
            await context.Entries.KeepAsync(bucket, new() { Call = Key, Ticket = due.Ticket, Due = due });
            _kept = (bucket, next.Ticket);
            _told = due;
        }
    }

    /// <summary>The bucket has proved that it has the entry.</summary>
    public void IsKept(CallRecord record) => _kept = (record.Bucket!.Value, record.Ticket);

    /// <summary>Tells the bucket in a moment what changed: what it does not hear costs a call that is woken for nothing.</summary>
    public void Tell(CallRecord record)
    {
        if (_kept is { } kept)
        {
            Tell(record, kept.Bucket, kept.Ticket);
        }
        else if (record is { DueAt: null, Call: not null } && !_isToBeForgotten)
        {
            // A call that was only ever updated is in no bucket; some bucket has to forget it all the same.
            End(context.Buckets.Next(), ticket: 0);
        }
    }

    /// <summary>Tells the bucket now, and waits until it knows.</summary>
    public Task TellNowAsync(CallRecord record)
    {
        Tell(record);
        return _toldTo is { } bucket ? context.Reports.SendAsync(bucket) : Task.CompletedTask;
    }

    private void Tell(CallRecord record, int bucket, long ticket)
    {
        // A later ticket belongs to a write that is under way; until it is done the record knows nothing of it.
        if (record.Ticket < ticket)
        {
            return;
        }

        var due = record.Bucket == bucket && record.Ticket == ticket ? record.ToDue() : null;
        if (due == _told)
        {
            return;
        }

        if (due is null)
        {
            _kept = null;
            End(bucket, ticket);
        }
        else
        {
            Report(bucket, new() { Call = Key, Ticket = ticket, Due = due });
        }

        _told = due;
    }

    private void End(int bucket, long ticket)
    {
        _isToBeForgotten = true;
        Report(bucket, new() { Call = Key, Ticket = ticket });
    }

    private void Report(int bucket, DueReport report)
    {
        _toldTo = bucket;
        context.Reports.Tell(bucket, report);
    }
}
