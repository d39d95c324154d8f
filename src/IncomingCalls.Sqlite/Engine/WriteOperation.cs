using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>An operation that the writer applies in a transaction. All members run on the writer's thread.</summary>
internal abstract class WriteOperation
{
    /// <summary>Applies the operation to the transaction. It may run again after a rollback, so it changes nothing outside the transaction.</summary>
    public abstract void Apply(InboxTransaction transaction);

    /// <summary>Runs when the transaction is committed to the disk. By default it does nothing.</summary>
    public virtual void OnCommitted()
    {
    }

    /// <summary>Runs when the transaction was rolled back. By default it does nothing.</summary>
    public virtual void OnRolledBack(Exception reason)
    {
    }
}

/// <summary>Applies a change of a call.</summary>
internal sealed class CallChangeOperation(CallChange change, CallTransitions transitions, UnreadableCalls unreadable) : WriteOperation
{
    private readonly PersonChanges _persons = new(transitions);
    private StateTransition _transition = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(change.Key);
        _transition = change.Apply(call.State, transaction.Erasures);
        if (_transition.IsChange)
        {
            call.Change(_transition.State);
        }

        _persons.Apply(transaction, _transition.Contacts);
        if (_transition.DeadLetter is { } letter)
        {
            transaction.DeadLetters.Insert(letter);
        }

        if (_transition.PauseChange is { } pause)
        {
            transaction.Pauses.Write(pause.Handler, pause.Destination, pause.After);
        }
    }

    public override void OnCommitted()
    {
        change.OnCommitted(_transition);
        _persons.ReportCommitted();
    }

    public override void OnRolledBack(Exception reason)
    {
        if (reason is UnreadableCallException e)
        {
            unreadable.Report(e);
        }

        change.OnRolledBack(reason);
    }
}

/// <summary>Finds the groups of lanes that have due work, and starts the replays that operators have requested.</summary>
internal sealed class DueQueryOperation(DueQuery query, CallTransitions transitions, QuarantineReplayer replayer, TimeProvider time, ILogger logger) : WriteOperation
{
    private const int MaxLetters = 100;
    private const int MaxQuarantined = 10;

    private IReadOnlyList<LaneGroup> _due = [];
    private IReadOnlyList<DestinationPause> _pauses = [];
    private readonly List<(long Id, Exception Reason)> _unreadable = [];
    private List<(long Id, byte[] Bytes)> _quarantined = [];

    public override void Apply(InboxTransaction transaction)
    {
        _unreadable.Clear();
        foreach (var (id, letter) in transaction.DeadLetters.ReplayRequested(MaxLetters))
        {
            Replay(transaction, id, letter);
        }

        _due = transaction.Lanes.FindDueGroups(time.GetUtcNow());
        _pauses = transaction.Pauses.ReadAll();
        _quarantined = transaction.Quarantine.ReplayRequested(MaxQuarantined);
    }

    public override void OnCommitted()
    {
        query.OnFound(_due, _pauses);
        _quarantined.ForEach(item => replayer.Start(item.Id, item.Bytes));
        _unreadable.ForEach(item => logger.DeadLetterUnreadable(item.Id, item.Reason.GetType().Name));
    }

    public override void OnRolledBack(Exception reason) => query.OnFailed();

    private void Replay(InboxTransaction transaction, long id, byte[] letter)
    {
        try
        {
            var entry = DeadLetterTable.Read(letter);
            var call = transaction.Load(entry.Event.Call);
            call.Change(transitions.Replay(call.State, entry).State);
            transaction.HandlerValues.Renew(entry, time.GetUtcNow());
            transaction.DeadLetters.Delete(id);
        }
        catch (Exception e) when (e is not SqliteException)
        {
            // The request is withdrawn, so that it does not block the other replays. The letter remains.
            transaction.DeadLetters.WithdrawReplay(id);
            _unreadable.Add((id, e));
        }
    }
}

/// <summary>Loads calls. It goes through the queue of the writer, so that no settled result is missing from what it reads.</summary>
internal sealed class CallLoadOperation(CallLoad load, TimeProvider time, UnreadableCalls unreadable) : WriteOperation
{
    private readonly List<CallState> _calls = [];
    private readonly List<UnreadableCallException> _skipped = [];
    private bool _hasMore;

    public override void Apply(InboxTransaction transaction)
    {
        _calls.Clear();
        _skipped.Clear();
        var limit = load.Limit + unreadable.Count;
        var keys = load.Group is { } group ? transaction.Lanes.FindDueCalls(group, time.GetUtcNow(), limit) : load.Keys;
        foreach (var key in keys)
        {
            AddCall(transaction, key);
        }

        _hasMore = load.Group is not null && keys.Count == limit;
    }

    public override void OnCommitted()
    {
        _skipped.ForEach(unreadable.Report);
        load.OnLoaded(_calls, _hasMore);
    }

    public override void OnRolledBack(Exception reason) => load.OnFailed();

    private void AddCall(InboxTransaction transaction, CallKey key)
    {
        try
        {
            if (transaction.Load(key).State is { } call)
            {
                _calls.Add(call);
            }
        }
        catch (UnreadableCallException e)
        {
            _skipped.Add(e);
        }
    }
}

/// <summary>Stores a caller's name or phone number. A failure needs no retry: what was not stored is looked up again after the next start.</summary>
/// <param name="idInstance">The instance that was called.</param>
/// <param name="chatId">The chat with the caller.</param>
/// <param name="phoneNumber">The phone number that was found; null for none.</param>
/// <param name="store">Writes the table.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreNameOperation(long idInstance, ChatId chatId, string? phoneNumber, Action<CallerNameTable> store, TimeProvider time) : WriteOperation
{
    public override void Apply(InboxTransaction transaction)
    {
        if (!transaction.Erasures.DiscardsLookup(idInstance, chatId, phoneNumber, time.GetUtcNow()))
        {
            store(transaction.Names);
        }
    }
}

/// <summary>Stores a notification in the quarantine, and trims the quarantine to its limits.</summary>
internal sealed class QuarantineOperation(QuarantinedNotification item, TrimQuarantineOperation trim, CallTransitions transitions) : WriteOperation
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

    public Task Result => _stored.Task;

    public override void Apply(InboxTransaction transaction)
    {
        transaction.Quarantine.Insert(_item);
        trim.Apply(transaction);
    }

    public override void OnCommitted()
    {
        _stored.SetResult();
        transitions.ReportCommitted(_item);
        trim.OnCommitted();
    }

    public override void OnRolledBack(Exception reason) =>
        _stored.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}

/// <summary>
/// Deletes the oldest notifications of the quarantine until the others fit its limits. Several transactions delete more than a thousand, so the limits are exceeded for fractions of a second.
/// </summary>
internal sealed class TrimQuarantineOperation(long? idInstance, SqliteInboxOptions options, SqliteCallStore store, ILogger logger) : WriteOperation
{
    /// <summary>The delay until the next transaction, which leaves most of the writer's time to other operations.</summary>
    private static readonly TimeSpan PageDelay = TimeSpan.FromMilliseconds(25);

    private (int Trimmed, bool IsComplete) _page;
    private int _dropped;

    public override void Apply(InboxTransaction transaction) => _page = transaction.Quarantine.Trim(idInstance, options.MaxQuarantineItems, options.MaxQuarantineBytes);

    public override void OnCommitted()
    {
        _dropped += _page.Trimmed;
        if (!_page.IsComplete)
        {
            store.PostLater(this, PageDelay);
        }
        else if (_dropped > 0)
        {
            logger.QuarantineDropped(_dropped, options.MaxQuarantineItems, options.MaxQuarantineBytes);
        }
    }
}

/// <summary>Deletes a notification from the quarantine after it was replayed.</summary>
internal sealed class DeleteQuarantinedOperation(long id, SqliteCallStore store, QuarantineReplayer replayer) : WriteOperation
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public override void Apply(InboxTransaction transaction) => transaction.Quarantine.Delete(id);

    public override void OnCommitted() => replayer.OnDeleted(id);

    public override void OnRolledBack(Exception reason) => store.PostLater(this, RetryDelay);
}

/// <summary>Deletes one page of finished calls that are older than the retention, oldest first, and schedules the next page.</summary>
internal sealed class RetentionOperation(long after, SqliteInboxOptions options, TimeProvider time, SqliteCallStore store, ILogger logger) : WriteOperation
{
    /// <summary>The number of rows per transaction. A hundred take about a millisecond, so other operations wait for a page no longer than for a commit.</summary>
    private const int PageSize = 100;

    /// <summary>The delay between two pages, which leaves most of the writer's time to other operations: 4,000 rows a second.</summary>
    private static readonly TimeSpan PageDelay = TimeSpan.FromMilliseconds(25);

    private RetentionOperation? _next;
    private int _dropped;
    private (int Letters, int Items) _old;

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
        _next = page.Count == PageSize && page.Exists(call => call.TouchedAt < cutoff) ? new(page[^1].RowId, options, time, store, logger) : null;
        if (_next is null)
        {
            var now = time.GetUtcNow();
            _old = (transaction.DeadLetters.DeleteOld(now - options.DeadLetterRetention), transaction.Quarantine.DeleteOld(now - options.QuarantineRetention));
            _dropped = transaction.DeadLetters.Trim(options.MaxDeadLetters);
            transaction.Names.DeleteExpired(time.GetUtcNow());
            transaction.Pauses.DeleteEnded(time.GetUtcNow());
        }
    }

    public override void OnCommitted()
    {
        if (_dropped > 0)
        {
            logger.DeadLettersDropped(_dropped, options.MaxDeadLetters);
        }

        if (_old != default)
        {
            logger.FailedItemsExpired(_old.Letters, options.DeadLetterRetention.TotalDays, _old.Items, options.QuarantineRetention.TotalDays);
        }

        if (_next is not null)
        {
            store.PostLater(_next, PageDelay);
        }
    }
}

/// <summary>
/// Finds out whether the file can be written again. A load balancer sends no requests to a host that is not ready, so without a probe the
/// host could remain unready although the file is writable again.
/// </summary>
internal sealed class ProbeOperation : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Probe();
}

/// <summary>Makes a transaction, which writes the heartbeat.</summary>
internal sealed class HeartbeatOperation : WriteOperation
{
    private volatile bool _isQueued;

    /// <summary>Whether the operation is in the queue of the writer.</summary>
    public bool IsQueued
    {
        get => _isQueued;
        set => _isQueued = value;
    }

    public override void Apply(InboxTransaction transaction) => IsQueued = false;
}
