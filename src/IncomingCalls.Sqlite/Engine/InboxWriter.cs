using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The only one who writes the file: a thread that commits whatever has gathered while the last commit was under way. It also
/// owns <see cref="ActiveCalls"/>, so that memory and file change in the same order.
/// </summary>
internal sealed class InboxWriter : IDisposable
{
    /// <summary>
    /// A commit waits for the disk, a millisecond or several, whatever it holds; a write takes about 20 µs. So 256 of them at most
    /// double a commit, and a thousand commits in a row become four. More would only make the first of a batch wait for the last.
    /// </summary>
    private const int MaxBatch = 256;

    /// <summary>Where the line is longer than this, nothing more is accepted: it would be answered after the gateway's patience.</summary>
    private const int MaxWaiting = 20_000;

    private readonly WriteQueue _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _path;
    private readonly StoreHealth _health;
    private readonly SqliteInboxMetrics _metrics;
    private InboxTransaction? _transaction;

    public InboxWriter(string path, SqliteConnection connection, ActiveCalls hand, StoreHealth trouble, SqliteInboxMetrics metrics)
    {
        _path = path;
        ActiveCalls = hand;
        _transaction = new(connection, hand);
        _health = trouble;
        _metrics = metrics;
    }

    public ActiveCalls ActiveCalls { get; }

    public bool IsFull => _queue.Count >= MaxWaiting;

    public void Start() => new Thread(Run) { Name = "IncomingCalls inbox writer", IsBackground = true }.Start();

    /// <summary>Puts a write in line; false when the writer has been closed.</summary>
    public bool Post(WriteOperation write) => _queue.Add(write);

    /// <summary>Writes what is in line, and closes the file.</summary>
    public Task CloseAsync()
    {
        _queue.Close();
        return _ended.Task;
    }

    /// <summary>The thread, if it still runs, ends and lets go of the file by itself.</summary>
    public void Dispose() => _queue.Close();

    private void Run()
    {
        try
        {
            for (var writes = _queue.TakeAll([]); writes.Count > 0; writes = _queue.TakeAll(writes))
            {
                for (var from = 0; from < writes.Count; from += MaxBatch)
                {
                    Commit(writes.GetRange(from, Math.Min(MaxBatch, writes.Count - from)));
                }

                writes.Clear();
            }

            _transaction?.Dispose();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _health.ReportWriterEnded(e);
            _ended.SetException(e);
        }
    }

    private void Commit(List<WriteOperation> batch)
    {
        var started = _metrics.Now();
        try
        {
            InboxFile.ThrowIfMoved(_path, _transaction?.Connection);
            var transaction = _transaction ??= new(InboxFile.Reopen(_path), ActiveCalls);
            transaction.Begin();
            batch.ForEach(write => write.Apply(transaction));
            transaction.Commit();
        }
        catch (Exception e)
        {
            RollBack(e);
            if (e is not SqliteException && batch.Count > 1)
            {
                // One of them is at fault, and the others shall not pay for it.
                batch.ForEach(write => Commit([write]));
                return;
            }

            _health.ReportFailure(e);
            batch.ForEach(write => RunCallback(() => write.OnRolledBack(ActiveCalls, e)));
            return;
        }

        if (_transaction.HasWritten)
        {
            _health.ReportRecovery();
            RunCallback(() => _metrics.RecordCommit(started));
        }

        batch.ForEach(write => RunCallback(() => write.OnCommitted(ActiveCalls)));
        ActiveCalls.Dispatch(_transaction.Changed);
    }

    /// <summary>Whoever listens to what is told, a logger or a meter, may throw. What is on the disk stays there, and the writer goes on.</summary>
    private void RunCallback(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e)
        {
            _health.ReportCallbackFailure(e);
        }
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
            // After an error of the disk or the file, only a new connection tells whether it is over.
            _transaction?.Dispose();
            _transaction = null;
        }
    }
}
