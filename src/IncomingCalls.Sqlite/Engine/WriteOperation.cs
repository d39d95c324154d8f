using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>An operation that the writer applies in a transaction. All members run on the writer's thread.</summary>
internal abstract class WriteOperation
{
    /// <summary>Applies the operation to the transaction. It may run again after a rollback, so it changes nothing outside the transaction.</summary>
    public abstract void Apply(InboxTransaction transaction);

    /// <summary>Runs when the transaction is committed to the disk.</summary>
    public abstract void OnCommitted(ActiveCalls activeCalls);

    /// <summary>Runs when the transaction was rolled back.</summary>
    public abstract void OnRolledBack(ActiveCalls activeCalls, Exception reason);
}

/// <summary>Stores a call notification. The transport may acknowledge it when <see cref="Result"/> completes.</summary>
internal sealed class AcceptOperation(ReceivedCallNotification received, InboxServices services) : WriteOperation
{
    private readonly TaskCompletionSource<IntakeResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StateTransition _transition = null!;

    public Task<IntakeResult> Result => _result.Task;

    public override void Apply(InboxTransaction transaction)
    {
        var notification = received.Notification;
        var call = transaction.Load(new(notification.Instance.IdInstance, notification.IdMessage));
        _transition = services.ApplyNotification(call.State, received);
        if (_transition.IsChange)
        {
            call.Change(_transition.State);
        }
    }

    public override void OnCommitted(ActiveCalls activeCalls)
    {
        _result.SetResult(new() { Outcome = _transition.Outcome });
        services.ReportCommitted(_transition);
    }

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) =>
        _result.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}

/// <summary>Settles a delivery: stores the result of an attempt.</summary>
internal sealed class SettleOperation(ActiveCall activeCall, AttemptReport report, InboxServices services, AttemptDispatcher dispatcher) : WriteOperation
{
    private StateTransition _transition = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(activeCall.Key);
        _transition = services.Settle(call.State!, report);
        call.Change(_transition.State);
        if (_transition.DeadLetter is { } letter)
        {
            transaction.DeadLetters.Insert(letter);
        }
    }

    public override void OnCommitted(ActiveCalls activeCalls)
    {
        activeCalls.AttemptEnded(activeCall, report.Attempt);
        services.ReportCommitted(_transition);
    }

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) => dispatcher.Retry(this);
}

/// <summary>Stores that no outcome arrived in time.</summary>
internal sealed class OutcomeTimeoutOperation(ActiveCall activeCall, CallDecision? decision, InboxServices services, AttemptDispatcher dispatcher) : WriteOperation
{
    private StateTransition _transition = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(activeCall.Key);
        _transition = services.ApplyOutcomeTimeout(call.State!, decision);
        call.Change(_transition.State);
    }

    public override void OnCommitted(ActiveCalls activeCalls)
    {
        activeCalls.OutcomeResolved(activeCall);
        services.ReportCommitted(_transition);
    }

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) => dispatcher.Retry(this);
}

/// <summary>Finds the instances with due calls, and starts the replays that operators have requested.</summary>
internal sealed class LoadDueOperation(InboxServices services, AttemptDispatcher dispatcher, TimeProvider time, Action onCompleted) : WriteOperation
{
    private const int MaxLetters = 100;
    private const int MaxQuarantined = 10;

    private List<long> _dueInstances = [];
    private List<(long Id, byte[] Bytes)> _quarantined = [];

    public override void Apply(InboxTransaction transaction)
    {
        foreach (var (id, letter) in transaction.DeadLetters.ReplayRequested(MaxLetters))
        {
            var call = transaction.Load(letter.Event.Call);
            call.Change(services.Replay(call.State, letter).State);
            transaction.DeadLetters.Delete(id);
        }

        _dueInstances = transaction.Calls.DueInstances(time.GetUtcNow());
        _quarantined = transaction.Quarantine.ReplayRequested(MaxQuarantined);
    }

    public override void OnCommitted(ActiveCalls activeCalls)
    {
        _dueInstances.ForEach(activeCalls.LoadDue);
        _quarantined.ForEach(item => dispatcher.ReplayQuarantined(item.Id, item.Bytes));
        onCompleted();
    }

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) => onCompleted();
}

/// <summary>
/// Loads the due calls of an instance. It goes through the queue of the writer, so that no settled result is missing from what it reads.
/// </summary>
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

    public override void OnCommitted(ActiveCalls activeCalls) => activeCalls.Loaded(idInstance, _calls, _hasMore);

    // hasMore is true so that the next run of the load loop tries again.
    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) => activeCalls.Loaded(idInstance, [], hasMore: true);
}

/// <summary>Stores a caller's name. A failure needs no retry: a name that was not stored is resolved again after the next start.</summary>
internal sealed class StoreNameOperation(CachedCallerName name) : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Names.Set(name);

    public override void OnCommitted(ActiveCalls activeCalls)
    {
    }

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason)
    {
    }
}

/// <summary>Stores a notification in the quarantine, and trims the quarantine to its limits.</summary>
internal sealed class QuarantineOperation(QuarantinedNotification item, SqliteInboxOptions options, InboxServices services, ILogger logger) : WriteOperation
{
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A copy: a transport that stops waiting reuses its buffer, possibly before the operation is applied.
    private readonly QuarantinedNotification _item = new()
    {
        Reason = item.Reason,
        Explanation = item.Explanation,
        Utf8Json = item.Utf8Json.ToArray(),
        ReceivedAt = item.ReceivedAt,
        IdInstance = item.IdInstance,
    };

    private int _dropped;

    public Task Result => _stored.Task;

    public override void Apply(InboxTransaction transaction)
    {
        transaction.Quarantine.Insert(_item);
        _dropped = transaction.Quarantine.Trim(options.MaxQuarantineItems, options.MaxQuarantineBytes);
    }

    public override void OnCommitted(ActiveCalls activeCalls)
    {
        _stored.SetResult();
        services.ReportCommitted(_item);
        if (_dropped > 0)
        {
            logger.QuarantineDropped(_dropped, options.MaxQuarantineItems, options.MaxQuarantineBytes);
        }
    }

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) =>
        _stored.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}

/// <summary>Deletes a notification from the quarantine after it was replayed.</summary>
internal sealed class DeleteQuarantinedOperation(long id, AttemptDispatcher dispatcher) : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Quarantine.Delete(id);

    public override void OnCommitted(ActiveCalls activeCalls) => dispatcher.QuarantineReplayEnded(id);

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) => dispatcher.Retry(this);
}

/// <summary>Deletes one page of finished calls that are older than the retention, oldest first, and schedules the next page.</summary>
internal sealed class RetentionOperation(long after, SqliteInboxOptions options, TimeProvider time, AttemptDispatcher dispatcher, ILogger logger) : WriteOperation
{
    /// <summary>The number of rows per transaction. A hundred take about a millisecond, so other operations wait for a page no longer than for a commit.</summary>
    private const int PageSize = 100;

    /// <summary>The delay between two pages, which leaves most of the writer's time to other operations: 4,000 rows a second.</summary>
    private static readonly TimeSpan PageDelay = TimeSpan.FromMilliseconds(25);

    private RetentionOperation? _next;
    private int _dropped;

    public override void Apply(InboxTransaction transaction)
    {
        var cutoff = time.GetUtcNow() - options.Retention;
        var page = transaction.Calls.Page(after, PageSize);
        foreach (var call in page.Where(call => call.IsFinished && call.TouchedAt < cutoff && !transaction.HasLoaded(call.Key)))
        {
            if (!transaction.DeadLetters.HasAny(call.Key))
            {
                transaction.Calls.Delete(call.RowId);
            }
        }

        // The order of the rows is roughly the order of age: after a page without an old call, all further calls are younger.
        _next = page.Count == PageSize && page.Exists(call => call.TouchedAt < cutoff) ? new(page[^1].RowId, options, time, dispatcher, logger) : null;
        if (_next is null)
        {
            _dropped = transaction.DeadLetters.Trim(options.MaxDeadLetters);
            transaction.Names.DeleteExpired(time.GetUtcNow());
        }
    }

    public override void OnCommitted(ActiveCalls activeCalls)
    {
        if (_dropped > 0)
        {
            logger.DeadLettersDropped(_dropped, options.MaxDeadLetters);
        }

        if (_next is not null)
        {
            dispatcher.PostLater(_next, PageDelay);
        }
    }

    // Nothing to retry: the next pass starts from the first row.
    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason)
    {
    }
}

/// <summary>
/// Finds out whether the file can be written again. A load balancer sends no requests to a host that is not ready, so without a probe the
/// host could remain unready although the file is writable again.
/// </summary>
internal sealed class ProbeOperation : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Probe();

    public override void OnCommitted(ActiveCalls activeCalls)
    {
    }

    // The load loop posts the next probe.
    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason)
    {
    }
}

/// <summary>Stops the start of new attempts. A queued operation, so that it takes effect after those before it.</summary>
internal sealed class StopOperation : WriteOperation
{
    public override void Apply(InboxTransaction transaction)
    {
    }

    public override void OnCommitted(ActiveCalls activeCalls) => activeCalls.Stop();

    public override void OnRolledBack(ActiveCalls activeCalls, Exception reason) => activeCalls.Stop();
}
