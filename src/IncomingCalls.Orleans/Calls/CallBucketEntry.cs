
namespace IncomingCalls;

/// <summary>The entry of a call in the bucket that wakes it. Belongs to the turns of the call's grain.</summary>
/// <param name="call">The key of the call.</param>
/// <param name="context">What calls share.</param>
internal sealed class CallBucketEntry(string call, CallGrainContext context)
{
    private (int Bucket, long Ticket)? _kept;
    private DueCall? _told;
    private bool _isToBeForgotten;

    /// <summary>Sees to it that the bucket has the call for good, beside the write that makes it due.</summary>
    public async Task EnsureAsync(CallRecord next)
    {
        if (next.ToDue() is { } due && next.Bucket is { } bucket && _kept != (bucket, next.Ticket))
        {
            context.Buckets.Filled(bucket, await Grain(bucket).KeepAsync(call, due));
            _kept = (bucket, next.Ticket);
            _told = due;
        }
    }

    /// <summary>The bucket has proved that it has the entry.</summary>
    public void IsKept(CallRecord record) => _kept = (record.Bucket!.Value, record.Ticket);

    /// <summary>Tells the bucket what changed, without waiting for it: what it does not hear costs a call that is woken for nothing.</summary>
    public void Tell(CallRecord record) => _ = TellAsync(record);

    /// <summary>The same, and waits.</summary>
    public async Task TellAsync(CallRecord record)
    {
        try
        {
            await ReportAsync(record);
        }
        catch (Exception e)
        {
            context.Logger.GrainUnreachable("bucket", e);
        }
    }

    private Task ReportAsync(CallRecord record)
    {
        if (_kept is not { } kept)
        {
            return record.DueAt is null && record.Call is not null ? ForgetInTimeAsync() : Task.CompletedTask;
        }

        // A later ticket belongs to a write that is under way; until it is done the record knows nothing of it.
        if (record.Ticket < kept.Ticket)
        {
            return Task.CompletedTask;
        }

        var due = record.Bucket == kept.Bucket && record.Ticket == kept.Ticket ? record.ToDue() : null;
        if (due == _told)
        {
            return Task.CompletedTask;
        }

        _told = due;
        if (due is not null)
        {
            return Grain(kept.Bucket).UpdateAsync(call, due);
        }

        _kept = null;
        _isToBeForgotten = true;
        return Grain(kept.Bucket).EndAsync(call, kept.Ticket);
    }

    /// <summary>A call that was only ever updated is in no bucket; some bucket has to forget it all the same.</summary>
    private Task ForgetInTimeAsync()
    {
        if (_isToBeForgotten)
        {
            return Task.CompletedTask;
        }

        _isToBeForgotten = true;
        return Grain(context.Buckets.Next()).EndAsync(call, ticket: 0);
    }

    private IDueCallsGrain Grain(int bucket) => context.Grains.GetGrain<IDueCallsGrain>(bucket);
}
