using System.Security.Cryptography;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>quarantine</c> on behalf of the writer.</summary>
internal sealed class QuarantineTable(SqliteConnection connection) : IDisposable
{
    /// <summary>
    /// The maximum number of notifications that a transaction deletes to make room, which takes about ten milliseconds. A large notification can displace tens of thousands of small ones.
    /// </summary>
    private const int MaxTrimmed = 1_000;

    private readonly Statement _insert = new(
        connection, "INSERT INTO quarantine (reason, explanation, id_instance, received_at, length, sha256, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    private readonly Statement _size = new(connection, "SELECT COALESCE(SUM(length), 0) FROM quarantine");
    private readonly Statement _countOfInstance = new(connection, "SELECT COUNT(*) FROM quarantine WHERE id_instance IS ?1");
    private readonly Statement _oldestOfInstance = new(connection, "SELECT id, length FROM quarantine WHERE id_instance IS ?1 ORDER BY id LIMIT ?2");
    private readonly Statement _oldest = new(connection, "SELECT id, length FROM quarantine WHERE id < (SELECT MAX(id) FROM quarantine) ORDER BY id LIMIT ?1");
    private readonly Statement _deleteOld = new(connection, "DELETE FROM quarantine WHERE received_at < ?1 AND replay_at IS NULL");
    private readonly Statement _replayRequested = new(connection, "SELECT id, bytes FROM quarantine WHERE replay_at IS NOT NULL ORDER BY id LIMIT ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM quarantine WHERE id = ?1");

    /// <summary>The size of all notifications; null while it is not known. Administration deletes notifications from another connection, so it is known for one transaction only.</summary>
    private long? _bytes;

    /// <summary>How many notifications this transaction may still delete to make room.</summary>
    private int _trimmable;

    /// <summary>Prepares for a new transaction.</summary>
    public void Begin() => (_bytes, _trimmable) = (null, MaxTrimmed);

    public void Insert(QuarantinedNotification item)
    {
        _insert.Execute(
            item.Reason.ToString(),
            item.Explanation,
            item.IdInstance,
            item.ReceivedAt.ToUnixTimeMilliseconds(),
            item.Utf8Json.Length,
            Convert.ToHexString(SHA256.HashData(item.Utf8Json.Span)),
            item.Utf8Json.ToArray());
        _bytes += item.Utf8Json.Length;
    }

    /// <summary>
    /// Deletes the oldest notifications until the others fit both limits, or until the transaction has deleted as many as it may. The newest is never deleted.
    /// </summary>
    /// <param name="idInstance">The instance of the newest notification; null when it names none.</param>
    /// <param name="maxItems">The maximum number of notifications of an instance.</param>
    /// <param name="maxBytes">The maximum size of all notifications.</param>
    /// <returns>The number of deleted notifications, and whether no others must be deleted.</returns>
    public (int Trimmed, bool IsComplete) Trim(long? idInstance, int maxItems, long maxBytes)
    {
        if (_trimmable == 0)
        {
            return (0, false);
        }

        _bytes ??= _size.Number()!.Value;
        var excess = Math.Max(0, _countOfInstance.Number(idInstance)!.Value - maxItems);
        var trimmed = DeleteOldest(_oldestOfInstance.Query(idInstance, Math.Min(excess, _trimmable)), leaveBytes: -1);
        trimmed += DeleteOldest(_oldest.Query(_trimmable), maxBytes);
        return (trimmed, _trimmable > 0);
    }

    /// <summary>Deletes the notifications that were received before a time, unless their replay was requested; returns how many were deleted.</summary>
    public int DeleteOld(DateTimeOffset before)
    {
        _bytes = null;
        return _deleteOld.Execute(before.ToUnixTimeMilliseconds());
    }

    public List<(long Id, byte[] Bytes)> ReplayRequested(int limit)
    {
        List<(long, byte[])> items = [];
        using var rows = _replayRequested.Query(limit);
        while (rows.Read())
        {
            items.Add((rows.Number(0), rows.Bytes(1)));
        }

        return items;
    }

    public void Delete(long id)
    {
        _bytes = null;
        _delete.Execute(id);
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_insert, _size, _countOfInstance, _oldestOfInstance, _oldest, _deleteOld, _replayRequested, _delete])
        {
            statement.Dispose();
        }
    }

    /// <summary>Deletes notifications from the first one on until all others have a size; returns how many were deleted.</summary>
    private int DeleteOldest(StatementRows rows, long leaveBytes)
    {
        // All are read before the first is deleted: a query does not expect that its rows change.
        List<long> ids = [];
        using (rows)
        {
            while (_bytes > leaveBytes && rows.Read())
            {
                ids.Add(rows.Number(0));
                _bytes -= rows.Number(1);
            }
        }

        ids.ForEach(id => _delete.Execute(id));
        _trimmable -= ids.Count;
        return ids.Count;
    }
}
