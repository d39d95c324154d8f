using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// A transaction of the writer. A call is loaded once and written once, however many operations of the transaction concern it. Not
/// thread-safe; used on the writer's thread only.
/// </summary>
internal sealed class InboxTransaction : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly InboxOwner _owner;
    private readonly OwnerTable _ownerTable;
    private readonly RecentCalls _recentCalls;
    private readonly CallTransitions _transitions;
    private readonly TimeProvider _time;
    private readonly Dictionary<CallKey, LoadedCall> _loaded = [];
    private readonly Statement _begin;
    private readonly Statement _version;
    private readonly Statement _commit;
    private long? _versionBefore;
    private int _changesBefore;
    private bool _isProbe;

    public InboxTransaction(SqliteConnection connection, InboxContext context, RecentCalls recentCalls)
    {
        _transitions = context.Transitions;
        _time = context.Time;
        _connection = connection;
        _owner = context.Owner;
        _ownerTable = new(connection);
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _version = new(connection, "PRAGMA data_version");
        _recentCalls = recentCalls;
        Lanes = new(connection);
        Calls = new(connection, Lanes);
        DeadLetters = new(connection);
        Quarantine = new(connection);
        Names = new(connection);
        Pauses = new(connection);
        HandlerValues = new(connection);
        Persons = new(connection);
    }

    public SqliteConnection Connection => _connection;

    public CallTable Calls { get; }

    public LaneTable Lanes { get; }

    public DeadLetterTable DeadLetters { get; }

    public QuarantineTable Quarantine { get; }

    public CallerNameTable Names { get; }

    public PauseTable Pauses { get; }

    public HandlerValueTable HandlerValues { get; }

    public PersonTable Persons { get; }

    /// <summary>The erasures. An operator's tool adds them.</summary>
    public ErasureList Erasures { get; private set; } = ErasureList.Empty;

    /// <summary>The calls that the transaction changes.</summary>
    public IEnumerable<LoadedCall> Changed => _loaded.Values.Where(call => call.IsChanged);

    /// <summary>Whether the last committed transaction wrote to the file. One that only read does not show that the disk is writable.</summary>
    public bool HasWritten { get; private set; }

    /// <exception cref="InboxTakenOverException">Another process has become the owner of the file.</exception>
    public void Begin()
    {
        _loaded.Clear();
        _isProbe = false;
        _changesBefore = SQLitePCL.raw.sqlite3_total_changes(_connection.Handle);
        // IMMEDIATE: a deferred transaction that reads first fails at its first write if another connection has written in between.
        _begin.Execute();
        Quarantine.Begin();
        if (_version.Number() is var version && version != _versionBefore)
        {
            // Another connection has written since: an operator's tool, which may have erased calls.
            _recentCalls.Clear();
            Erasures = ErasureTable.ReadAll(_connection);
            _versionBefore = version;
        }

        _owner.ThrowIfTakenOver(_ownerTable);
    }

    /// <summary>Gets a call: from this transaction, from the calls that were used recently, or from the file.</summary>
    public LoadedCall Load(CallKey key)
    {
        if (!_loaded.TryGetValue(key, out var call))
        {
            _loaded[key] = call = _recentCalls.Find(key) ?? Calls.Find(key);
        }

        return call;
    }

    /// <summary>Returns whether an operation of this transaction has loaded the call.</summary>
    public bool HasLoaded(CallKey key) => _loaded.ContainsKey(key);

    /// <summary>Writes a page with its current content, to find out whether the file can be written.</summary>
    public void Probe()
    {
        InboxSchema.Rewrite(_connection);
        _isProbe = true;
    }

    public void Commit()
    {
        foreach (var call in Changed)
        {
            Calls.Write(call, call.HasNewFacts && _transitions.FindPerson(call.State!) is { } person ? Persons.GetOrAddId(person, _time.GetUtcNow()) : null);
        }

        _owner.WriteHeartbeat(_ownerTable);
        _commit.Execute();
        _recentCalls.Update(_loaded.Values);
        HasWritten = _isProbe || SQLitePCL.raw.sqlite3_total_changes(_connection.Handle) != _changesBefore;
    }

    public void Rollback()
    {
        // After some errors, such as a full disk, SQLite has rolled back already.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            InboxSchema.Execute(_connection, "ROLLBACK");
        }
    }

    /// <summary>Gives up the ownership of the file.</summary>
    public void ReleaseOwner() => _owner.Release(_ownerTable);

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _version.Dispose();
        _ownerTable.Dispose();
        Calls.Dispose();
        Lanes.Dispose();
        DeadLetters.Dispose();
        Quarantine.Dispose();
        Names.Dispose();
        Pauses.Dispose();
        HandlerValues.Dispose();
        Persons.Dispose();
        _connection.Dispose();
    }
}
