using System.Security.Cryptography;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>quarantine</c> on behalf of the writer.</summary>
internal sealed class QuarantineTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _insert = new(
        connection, "INSERT INTO quarantine (reason, explanation, id_instance, received_at, length, sha256, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    private readonly Statement _size = new(connection, "SELECT COUNT(*), COALESCE(SUM(length), 0) FROM quarantine");
    private readonly Statement _dropOfInstance = new(
        connection,
        "DELETE FROM quarantine WHERE id_instance IS ?1 AND id <= (SELECT id FROM quarantine WHERE id_instance IS ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
    private readonly Statement _deleteOld = new(connection, "DELETE FROM quarantine WHERE received_at < ?1 AND replay_at IS NULL");
    private readonly Statement _dropOldest = new(connection, "DELETE FROM quarantine WHERE id = (SELECT MIN(id) FROM quarantine)");
    private readonly Statement _replayRequested = new(connection, "SELECT id, bytes FROM quarantine WHERE replay_at IS NOT NULL ORDER BY id LIMIT ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM quarantine WHERE id = ?1");

    public void Insert(QuarantinedNotification item) => _insert.Execute(
        item.Reason.ToString(),
        item.Explanation,
        item.IdInstance,
        item.ReceivedAt.ToUnixTimeMilliseconds(),
        item.Utf8Json.Length,
        Convert.ToHexString(SHA256.HashData(item.Utf8Json.Span)),
        item.Utf8Json.ToArray());

    /// <summary>Deletes the oldest notifications until the others fit both limits; returns how many were deleted. The newest is never deleted.</summary>
    /// <param name="idInstance">The instance of the newest notification; null when it names none.</param>
    /// <param name="maxItems">The maximum number of notifications of an instance.</param>
    /// <param name="maxBytes">The maximum size of all notifications.</param>
    public int Trim(long? idInstance, int maxItems, long maxBytes)
    {
        for (var dropped = _dropOfInstance.Execute(idInstance, maxItems); ; dropped++)
        {
            var (items, bytes) = QuerySize();
            if (items <= 1 || bytes <= maxBytes)
            {
                return dropped;
            }

            _dropOldest.Execute();
        }
    }

    /// <summary>Deletes the notifications that were received before a time, unless their replay was requested; returns how many were deleted.</summary>
    public int DeleteOld(DateTimeOffset before) => _deleteOld.Execute(before.ToUnixTimeMilliseconds());

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

    public void Delete(long id) => _delete.Execute(id);

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_dropOfInstance, _deleteOld, _insert, _size, _dropOldest, _replayRequested, _delete])
        {
            statement.Dispose();
        }
    }

    private (long Items, long Bytes) QuerySize()
    {
        using var row = _size.Query();
        row.Read();
        return (row.Number(0), row.Number(1));
    }
}
