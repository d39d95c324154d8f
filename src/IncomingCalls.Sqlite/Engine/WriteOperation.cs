using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>One thing to be done in a transaction of the writer. Everything here runs on the writer's thread.</summary>
internal abstract class WriteOperation
{
    /// <summary>Does it. May be asked again after a rollback, so nothing outside the transaction may change here.</summary>
    public abstract void Apply(InboxTransaction transaction);

    /// <summary>The transaction is on the disk.</summary>
    public abstract void OnCommitted(ActiveCalls hand);

    /// <summary>The transaction was rolled back.</summary>
    public abstract void OnRolledBack(ActiveCalls hand, Exception reason);
}

/// <summary>Keeps a call notification; whoever waits for it may then acknowledge.</summary>
internal sealed class AcceptOperation(ReceivedCallNotification received, InboxServices services) : WriteOperation
{
    private readonly TaskCompletionSource<IntakeResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StateTransition _step = null!;

    public Task<IntakeResult> Result => _result.Task;

    public override void Apply(InboxTransaction transaction)
    {
        var notification = received.Notification;
        var call = transaction.Load(new(notification.Instance.IdInstance, notification.IdMessage));
        _step = services.ApplyNotification(call.State, received);
        if (_step.IsChange)
        {
            call.Change(_step.State);
        }
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        _result.SetResult(new() { Outcome = _step.Outcome });
        services.ReportCommitted(_step);
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) =>
        _result.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}

/// <summary>Marks how an attempt ended.</summary>
internal sealed class SettleOperation(ActiveCall held, AttemptReport report, InboxServices services, CallTaskRunner work) : WriteOperation
{
    private StateTransition _step = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(held.Key);
        _step = services.Settle(call.State!, report);
        call.Change(_step.State);
        if (_step.DeadLetter is { } letter)
        {
            transaction.DeadLetters.Insert(letter);
        }
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        hand.AttemptEnded(held, report.Attempt);
        services.ReportCommitted(_step);
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => work.Retry(this);
}

/// <summary>Keeps that no outcome came in time.</summary>
internal sealed class OutcomeTimeoutOperation(ActiveCall held, CallDecision? decision, InboxServices services, CallTaskRunner work) : WriteOperation
{
    private StateTransition _step = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(held.Key);
        _step = services.ApplyOutcomeTimeout(call.State!, decision);
        call.Change(_step.State);
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        hand.OutcomeResolved(held);
        services.ReportCommitted(_step);
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => work.Retry(this);
}

/// <summary>Looks what is due in the file, and what an operator asked for there.</summary>
internal sealed class LoadDueOperation(InboxServices services, CallTaskRunner work, TimeProvider time, Action done) : WriteOperation
{
    private const int MaxLetters = 100;
    private const int MaxQuarantined = 10;

    private List<long> _due = [];
    private List<(long Id, byte[] Bytes)> _quarantined = [];

    public override void Apply(InboxTransaction transaction)
    {
        foreach (var (id, letter) in transaction.DeadLetters.ReplayRequested(MaxLetters))
        {
            var call = transaction.Load(letter.Event.Call);
            call.Change(services.Replay(call.State, letter).State);
            transaction.DeadLetters.Delete(id);
        }

        _due = transaction.Calls.DueInstances(time.GetUtcNow());
        _quarantined = transaction.Quarantine.ReplayRequested(MaxQuarantined);
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        _due.ForEach(hand.LoadDue);
        _quarantined.ForEach(item => work.ReplayQuarantined(item.Id, item.Bytes));
        done();
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => done();
}

/// <summary>Fetches calls of an instance that have something to do. In line with the writes, so that no mark can overtake it.</summary>
internal sealed class LoadInstanceOperation(long idInstance, TimeProvider time) : WriteOperation
{
    private readonly List<LoadedCall> _calls = [];
    private bool _hasMore;

    public override void Apply(InboxTransaction transaction)
    {
        _calls.Clear();
        var limit = transaction.ActiveCalls.RowsToLoad(idInstance);
        var keys = transaction.Calls.DueRows(idInstance, time.GetUtcNow(), limit);
        _hasMore = keys.Count == limit;
        _calls.AddRange(keys.Where(key => transaction.ActiveCalls.Find(key) is null).Select(transaction.Load));
    }

    public override void OnCommitted(ActiveCalls hand) => hand.Loaded(idInstance, _calls, _hasMore);

    // The next look at the file asks again.
    public override void OnRolledBack(ActiveCalls hand, Exception reason) => hand.Loaded(idInstance, [], hasMore: true);
}

/// <summary>Keeps a caller's name. One that cannot be written is asked for again after the next start, and nothing worse.</summary>
internal sealed class StoreNameOperation(CachedCallerName name) : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Names.Set(name);

    public override void OnCommitted(ActiveCalls hand)
    {
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason)
    {
    }
}

/// <summary>Keeps what cannot be read.</summary>
internal sealed class QuarantineOperation(QuarantinedNotification item, SqliteInboxOptions options, InboxServices services, ILogger logger) : WriteOperation
{
    private readonly TaskCompletionSource _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The transport reuses its buffer when it stops waiting, which may be before the write.
    private readonly QuarantinedNotification _item = new()
    {
        Reason = item.Reason,
        Explanation = item.Explanation,
        Utf8Json = item.Utf8Json.ToArray(),
        ReceivedAt = item.ReceivedAt,
        IdInstance = item.IdInstance,
    };

    private int _dropped;

    public Task Result => _kept.Task;

    public override void Apply(InboxTransaction transaction)
    {
        transaction.Quarantine.Insert(_item);
        _dropped = transaction.Quarantine.Trim(options.MaxQuarantineItems, options.MaxQuarantineBytes);
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        _kept.SetResult();
        services.ReportCommitted(_item);
        if (_dropped > 0)
        {
            logger.QuarantineDropped(_dropped, options.MaxQuarantineItems, options.MaxQuarantineBytes);
        }
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) =>
        _kept.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}

/// <summary>Takes a notification out of quarantine, after it was taken in again.</summary>
internal sealed class DeleteQuarantinedOperation(long id, CallTaskRunner work) : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Quarantine.Delete(id);

    public override void OnCommitted(ActiveCalls hand) => work.QuarantineReplayEnded(id);

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => work.Retry(this);
}

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

/// <summary>
/// Finds out whether the file can be written again. A host that is not ready gets no requests, so that without this it could stay so
/// for ever.
/// </summary>
internal sealed class ProbeOperation : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Probe();

    public override void OnCommitted(ActiveCalls hand)
    {
    }

    // The next look tries again.
    public override void OnRolledBack(ActiveCalls hand, Exception reason)
    {
    }
}

/// <summary>From here on nothing new is begun.</summary>
internal sealed class StopOperation : WriteOperation
{
    public override void Apply(InboxTransaction transaction)
    {
    }

    public override void OnCommitted(ActiveCalls hand) => hand.Stop();

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => hand.Stop();
}
