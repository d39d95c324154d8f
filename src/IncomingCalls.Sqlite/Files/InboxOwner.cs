using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Files;

/// <summary>
/// The ownership of an inbox file, stored in the file: a row that identifies the process which works on it, with a heartbeat. It protects the
/// file where its <see cref="InboxLock"/> has no effect, as on some network file systems and with <c>DOTNET_SYSTEM_IO_DISABLEFILELOCKING</c>.
/// Not thread-safe.
/// </summary>
/// <param name="machine">The name of this machine.</param>
/// <param name="time">The clock of the heartbeat. Only its intervals matter, so the clocks of two machines may differ.</param>
internal sealed class InboxOwner(string machine, TimeProvider time)
{
    /// <summary>The interval of the heartbeat.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long the heartbeat of another process must be missing before its file is taken over: several intervals, since a disk may be slow.</summary>
    private static readonly TimeSpan TakeoverDelay = TimeSpan.FromSeconds(10);

    /// <summary>How long a start waits at least for the heartbeat of another process: with less, no later start would see that it is missing either.</summary>
    public static readonly TimeSpan MinWait = TakeoverDelay + TimeSpan.FromSeconds(5);

    private readonly string _token = Guid.NewGuid().ToString("N");
    private (string Token, long Heartbeats)? _observed;
    private long _observedAt;
    private long _heartbeatAt;

    /// <summary>The process whose heartbeat the last attempt to open the file has waited for, for messages; null for none.</summary>
    public string? OtherProcess { get; private set; }

    /// <summary>Begins an attempt to open the file.</summary>
    public void BeginAttempt() => OtherProcess = null;

    /// <summary>
    /// Returns whether the file is free: nobody owns it, its owner has ended, or the heartbeat of its owner has been missing for long enough
    /// since an earlier call of this method. It writes nothing.
    /// </summary>
    /// <param name="connection">An open connection to the file, which may be new and empty.</param>
    /// <param name="lockIsEffective">Whether the lock of the file excludes other processes of this machine.</param>
    public bool IsFree(SqliteConnection connection, bool lockIsEffective)
    {
        if (Find(connection) is not { } owner || owner.Token == _token || (lockIsEffective && owner.Machine == machine))
        {
            return true;
        }

        OtherProcess = $"process {owner.ProcessId} of {owner.Machine}";
        if (_observed != (owner.Token, owner.Heartbeats))
        {
            (_observed, _observedAt) = ((owner.Token, owner.Heartbeats), time.GetTimestamp());
        }

        return time.GetElapsedTime(_observedAt) >= TakeoverDelay;
    }

    /// <summary>Makes this process the owner, unless another process became it since <see cref="IsFree"/> returned true.</summary>
    /// <param name="connection">An open connection to the file.</param>
    /// <param name="lockIsEffective">Whether the lock of the file excludes other processes of this machine.</param>
    public bool TryClaim(SqliteConnection connection, bool lockIsEffective)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        if (!IsFree(connection, lockIsEffective))
        {
            return false;
        }

        InboxSchema.CreateOwner(connection);
        using (var insert = new Statement(connection, "INSERT OR REPLACE INTO owner (id, token, machine, process_id, heartbeats) VALUES (1, ?1, ?2, ?3, 0)"))
        {
            insert.Execute(_token, machine, (long)Environment.ProcessId);
        }

        transaction.Commit();
        _heartbeatAt = time.GetTimestamp();
        return true;
    }

    /// <summary>Throws if another process has become the owner. To be called in each transaction that writes.</summary>
    /// <exception cref="InboxTakenOverException">Another process owns the file.</exception>
    public void ThrowIfTakenOver(OwnerTable table)
    {
        // A missing row as well: the other process may have ended meanwhile, and what this one remembers of the calls is out of date.
        if (table.FindToken() != _token)
        {
            throw new InboxTakenOverException("Another process has taken over the inbox file, because this process had not written to it for 10 seconds or the file was copied over.");
        }
    }

    /// <summary>Writes the heartbeat if it is due. To be called in each transaction.</summary>
    public void WriteHeartbeat(OwnerTable table)
    {
        if (time.GetElapsedTime(_heartbeatAt) >= HeartbeatInterval)
        {
            table.WriteHeartbeat(_token);
            _heartbeatAt = time.GetTimestamp();
        }
    }

    /// <summary>Gives up the ownership, so that the next process need not wait for the missing heartbeat.</summary>
    public void Release(OwnerTable table) => table.Delete(_token);

    private static (string Token, string Machine, long ProcessId, long Heartbeats)? Find(SqliteConnection connection)
    {
        if (!InboxSchema.HasTable(connection, "owner"))
        {
            return null;
        }

        using var statement = new Statement(connection, "SELECT token, machine, process_id, heartbeats FROM owner");
        using var row = statement.Query();
        return row.Read() ? (row.Text(0), row.Text(1), row.Number(2), row.Number(3)) : null;
    }
}

/// <summary>Thrown when another process has become the owner of the inbox file. Nothing more is written by this process.</summary>
internal sealed class InboxTakenOverException(string message) : InvalidOperationException(message);
