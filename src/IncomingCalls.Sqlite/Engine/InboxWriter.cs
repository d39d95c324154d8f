using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The only writer of the file on behalf of the engine: a thread that commits as one batch the operations that were posted during the
/// previous commit (group commit), and then reports the results, so that memory and file change in the same order.
/// </summary>
internal sealed class InboxWriter : IDisposable
{
    /// <summary>
    /// The maximum number of operations in one commit. A commit waits for the disk, one or several milliseconds whatever its size; an
    /// operation takes about 20 µs. So 256 operations at most double the time of a commit, and a thousand operations need four commits
    /// instead of a thousand. A larger batch would only delay its first operation until its last.
    /// </summary>
    private const int MaxBatch = 256;

    /// <summary>The queue length above which no notification is accepted: the answer would come after the gateway's timeout.</summary>
    private const int MaxWaiting = 20_000;

    private readonly WriteQueue _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InboxContext _context;
    private readonly bool _lockIsEffective;
    private readonly RecentCalls _recentCalls = new();
    private InboxTransaction? _transaction;
    private Action<IReadOnlyCollection<CallState>> _committed = null!;

    /// <summary>Creates a writer.</summary>
    /// <param name="context">The dependencies of the file.</param>
    /// <param name="connection">The connection to the file, which the writer closes.</param>
    /// <param name="lockIsEffective">Whether the lock of the file excludes other processes of this machine.</param>
    public InboxWriter(InboxContext context, SqliteConnection connection, bool lockIsEffective)
    {
        _context = context;
        _lockIsEffective = lockIsEffective;
        _transaction = new(connection, context, _recentCalls);
    }

    public bool IsFull => _queue.Count >= MaxWaiting;

    /// <summary>Starts the thread.</summary>
    /// <param name="committed">Receives the states that each batch has changed, after the callbacks of its operations.</param>
    public void Start(Action<IReadOnlyCollection<CallState>> committed)
    {
        _committed = committed;
        new Thread(Run) { Name = "IncomingCalls inbox writer", IsBackground = true }.Start();
    }

    /// <summary>Adds an operation to the queue; returns false when the writer has been closed.</summary>
    public bool Post(WriteOperation operation) => _queue.Add(operation);

    /// <summary>Commits the queued operations and closes the file.</summary>
    public Task CloseAsync()
    {
        _queue.Close();
        return _ended.Task;
    }

    /// <summary>Closes the queue. A thread that still runs then ends and closes the file.</summary>
    public void Dispose() => _queue.Close();

    private void Run()
    {
        try
        {
            for (var operations = _queue.TakeAll([]); operations.Count > 0; operations = _queue.TakeAll(operations))
            {
                for (var start = 0; start < operations.Count; start += MaxBatch)
                {
                    Commit(operations.GetRange(start, Math.Min(MaxBatch, operations.Count - start)));
                }

                operations.Clear();
            }

            Close();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _context.Health.ReportWriterEnded(e);
            _ended.SetException(e);
        }
    }

    private void Commit(List<WriteOperation> batch)
    {
        var started = _context.Metrics.GetTimestamp();
        try
        {
            InboxFile.ThrowIfMoved(_context.Path, _transaction?.Connection);
            var transaction = _transaction ??= new(InboxFile.Reopen(_context.Path, _context.Owner, _lockIsEffective), _context, _recentCalls);
            transaction.Begin();
            batch.ForEach(operation => operation.Apply(transaction));
            transaction.Commit();
        }
        catch (Exception e)
        {
            RollBack(e);
            if (e is not (SqliteException or InboxTakenOverException) && batch.Count > 1)
            {
                // One operation of the batch has failed: commit each of them alone, so that the others succeed.
                batch.ForEach(operation => Commit([operation]));
                return;
            }

            ReportFailure(e);

            batch.ForEach(operation => RunCallback(() => operation.OnRolledBack(e)));
            RunCallback(() => _committed([]));
            return;
        }

        CallState[] changed = [.. _transaction.Changed.Select(static call => call.State!)];
        if (_transaction.HasWritten)
        {
            _context.Health.ReportSuccess();
            RunCallback(() => _context.Metrics.RecordCommit(started));
        }

        batch.ForEach(operation => RunCallback(operation.OnCommitted));
        RunCallback(() => _committed(changed));
    }

    private void ReportFailure(Exception failure)
    {
        switch (failure)
        {
            case UnreadableCallException:
                break;
            case InboxTakenOverException e:
                _context.Health.ReportTakenOver(e);
                break;
            default:
                _context.Health.ReportFailure(failure);
                break;
        }
    }

    /// <summary>
    /// Runs a callback and reports an exception that it throws: a logger or a metric listener of the host may fail. The commit is not
    /// affected, and the writer continues.
    /// </summary>
    private void RunCallback(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception e)
        {
            _context.Health.ReportCallbackFailure(e);
        }
    }

    private void Close()
    {
        try
        {
            _transaction?.ReleaseOwner();
        }
        catch (SqliteException)
        {
            // The next process waits until the heartbeat has been missing for long enough.
        }

        _transaction?.Dispose();
    }

    private void RollBack(Exception reason)
    {
        try
        {
            _transaction?.Rollback();
            if (reason is SqliteException e && !StoreHealth.IsTransient(e) && !InboxFile.IndicatesMove(e))
            {
                throw e;
            }
        }
        catch (SqliteException)
        {
            // After an error of the disk or the file, only a new connection shows whether the file can be used again.
            _transaction?.Dispose();
            _transaction = null;
            _recentCalls.Clear();
        }
    }
}
