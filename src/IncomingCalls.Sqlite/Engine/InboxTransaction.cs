using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// A transaction of the writer: calls are loaded once and written once, however many of its writes concern them. Not safe for
/// several threads; the writer has one.
/// </summary>
internal sealed class InboxTransaction : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly ActiveCalls _activeCalls;
    private readonly Dictionary<CallKey, LoadedCall> _loaded = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private int _writesBefore;
    private bool _isProbe;

    public InboxTransaction(SqliteConnection connection, ActiveCalls hand)
    {
        _connection = connection;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _activeCalls = hand;
        Calls = new(connection);
        DeadLetters = new(connection);
        Quarantine = new(connection);
        Names = new(connection);
    }

    public SqliteConnection Connection => _connection;

    public ActiveCalls ActiveCalls => _activeCalls;

    public CallTable Calls { get; }

    public DeadLetterTable DeadLetters { get; }

    public QuarantineTable Quarantine { get; }

    public NameTable Names { get; }

    /// <summary>What was changed, once the transaction is committed.</summary>
    public IEnumerable<LoadedCall> Changed => _loaded.Values.Where(call => call.IsChanged);

    /// <summary>Whether the last transaction wrote anything: one that only looked proves nothing about the disk.</summary>
    public bool HasWritten { get; private set; }

    public void Begin()
    {
        _loaded.Clear();
        _isProbe = false;
        _writesBefore = SQLitePCL.raw.sqlite3_total_changes(_connection.Handle);
        // Not deferred: a transaction that reads first could find at its first write that somebody else has written.
        _begin.Execute();
    }

    public LoadedCall Load(CallKey key)
    {
        if (!_loaded.TryGetValue(key, out var call))
        {
            _loaded[key] = call = _activeCalls.Find(key) is { } held ? new(key, held.RowId, held.Current) : Calls.Find(key);
        }

        return call;
    }

    /// <summary>Whether a write of this transaction has to do with the call.</summary>
    public bool HasLoaded(CallKey key) => _loaded.ContainsKey(key);

    /// <summary>Writes something, whatever else there is to write: a page, and nothing that it means.</summary>
    public void Probe()
    {
        InboxSchema.Rewrite(_connection);
        _isProbe = true;
    }

    public void Commit()
    {
        foreach (var call in Changed)
        {
            Calls.Write(call);
        }

        _commit.Execute();
        HasWritten = _isProbe || SQLitePCL.raw.sqlite3_total_changes(_connection.Handle) != _writesBefore;
    }

    public void Rollback()
    {
        // Some errors, a full disk among them, make SQLite roll back by itself; then there is nothing left to do.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            InboxSchema.Execute(_connection, "ROLLBACK");
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        Calls.Dispose();
        DeadLetters.Dispose();
        Quarantine.Dispose();
        Names.Dispose();
        _connection.Dispose();
    }
}
