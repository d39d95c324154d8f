using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>One step through the calls, oldest first, that forgets those which are finished and old enough.</summary>
internal sealed class RetentionOperation(long after, SqliteInboxOptions options, TimeProvider time, CallTaskRunner work, ILogger logger) : WriteOperation
{
    /// <summary>A hundred rows take about a millisecond, so nobody waits longer for this than for a commit.</summary>
    private const int Rows = 100;

    /// <summary>Between two steps, so that the writer is there for others most of the time: 4,000 rows a second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private RetentionOperation? _next;
    private int _dropped;

    public override void Apply(InboxTransaction transaction)
    {
        var oldest = time.GetUtcNow() - options.Retention;
        var page = transaction.Calls.Page(after, Rows);
        foreach (var call in page.Where(call => call.IsFinished && call.TouchedAt < oldest && !transaction.HasLoaded(call.Key)))
        {
            if (!transaction.DeadLetters.HasAny(call.Key))
            {
                transaction.Calls.Delete(call.RowId);
            }
        }

        // In the order of their rows calls are in the order of their age, roughly: where none is old, the rest is younger.
        _next = page.Count == Rows && page.Exists(call => call.TouchedAt < oldest) ? new(page[^1].RowId, options, time, work, logger) : null;
        if (_next is null)
        {
            _dropped = transaction.DeadLetters.Trim(options.MaxDeadLetters);
            transaction.Names.DeleteExpired(time.GetUtcNow());
        }
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        if (_dropped > 0)
        {
            logger.DeadLettersDropped(_dropped, options.MaxDeadLetters);
        }

        if (_next is not null)
        {
            work.PostLater(_next, Pause);
        }
    }

    // The next pass begins anew.
    public override void OnRolledBack(ActiveCalls hand, Exception reason)
    {
    }
}
