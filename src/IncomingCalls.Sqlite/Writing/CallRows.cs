using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inboxes;
using Microsoft.Data.Sqlite;

namespace IncomingCalls;

/// <summary>The rows of calls.</summary>
internal sealed class CallRows(SqliteConnection connection) : IDisposable
{
    private static readonly JsonTypeInfo<KeptCall> Form = (JsonTypeInfo<KeptCall>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(KeptCall));

    private readonly Statement _find = new(connection, "SELECT id, state FROM calls WHERE id_instance = ?1 AND id_message = ?2", 2);
    private readonly Statement _insert = new(
        connection, "INSERT INTO calls (id_instance, id_message, touched_at, due_at, owed, waiting_since, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", 7);
    private readonly Statement _lastId = new(connection, "SELECT last_insert_rowid()", 0);
    private readonly Statement _update = new(
        connection, "UPDATE calls SET touched_at = ?2, due_at = ?3, owed = ?4, waiting_since = ?5, state = ?6 WHERE id = ?1", 6);
    private readonly Statement _due = new(
        connection, "SELECT id_message FROM calls WHERE due_at IS NOT NULL AND id_instance = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT ?3", 3);
    private readonly Statement _nextInstance = new(
        connection, "SELECT id_instance, due_at FROM calls WHERE due_at IS NOT NULL AND id_instance > ?1 ORDER BY id_instance, due_at LIMIT 1", 1);
    private readonly Statement _page = new(connection, "SELECT id, touched_at, due_at, id_instance, id_message FROM calls WHERE id > ?1 ORDER BY id LIMIT ?2", 2);
    private readonly Statement _delete = new(connection, "DELETE FROM calls WHERE id = ?1", 1);

    public LoadedCall Find(CallKey key)
    {
        using var row = _find.Query(key.IdInstance, key.IdMessage);
        return row.Read()
            ? new(key, row.GetInt64(0), JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), Form))
            : new(key, 0, null);
    }

    public void Write(LoadedCall call)
    {
        var state = call.State!;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, Form);
        var touchedAt = state.TouchedAt.ToUnixTimeMilliseconds();
        var dueAt = state.DueAt?.ToUnixTimeMilliseconds();
        var waitingSince = state.WaitingSince?.ToUnixTimeMilliseconds();
        if (call.RowId == 0)
        {
            _insert.Execute(call.Key.IdInstance, call.Key.IdMessage, touchedAt, dueAt, state.OwedCount, waitingSince, bytes);
            call.RowId = (long)_lastId.Scalar()!;
        }
        else if (_update.Execute(call.RowId, touchedAt, dueAt, state.OwedCount, waitingSince, bytes) != 1)
        {
            throw new InvalidOperationException($"Row {call.RowId} of {call.Key} is gone: somebody else writes this file.");
        }
    }

    /// <summary>Calls of an instance with something to do, the longest due first.</summary>
    public List<CallKey> Due(long idInstance, DateTimeOffset now, int limit)
    {
        List<CallKey> keys = [];
        using var rows = _due.Query(idInstance, now.ToUnixTimeMilliseconds(), limit);
        while (rows.Read())
        {
            keys.Add(new(idInstance, rows.GetString(0)));
        }

        return keys;
    }

    /// <summary>The instances with something to do. One step in an index per instance that has anything waiting, however much that is.</summary>
    public List<long> DueInstances(DateTimeOffset now)
    {
        List<long> instances = [];
        for (var last = long.MinValue; ;)
        {
            using var row = _nextInstance.Query(last);
            if (!row.Read())
            {
                return instances;
            }

            last = row.GetInt64(0);
            if (row.GetInt64(1) <= now.ToUnixTimeMilliseconds())
            {
                instances.Add(last);
            }
        }
    }

    /// <summary>A page of the calls in the order of their first notification.</summary>
    public List<CallAge> Page(long after, int limit)
    {
        List<CallAge> calls = [];
        using var rows = _page.Query(after, limit);
        while (rows.Read())
        {
            calls.Add(new()
            {
                RowId = rows.GetInt64(0),
                TouchedAt = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)),
                IsFinished = rows.IsDBNull(2),
                Key = new(rows.GetInt64(3), rows.GetString(4)),
            });
        }

        return calls;
    }

    public void Delete(long rowId) => _delete.Execute(rowId);

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_find, _insert, _lastId, _update, _due, _nextInstance, _page, _delete])
        {
            statement.Dispose();
        }
    }
}
