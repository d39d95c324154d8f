using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the tables <c>calls</c> and <c>work</c>.</summary>
internal sealed class CallTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(
        connection,
        "SELECT c.id, c.touched_at, c.facts, w.state FROM calls c LEFT JOIN work w ON w.call_id = c.id WHERE c.id_instance = ?1 AND c.id_message = ?2");

    private readonly Statement _insert = new(
        connection, "INSERT INTO calls (id_instance, id_message, touched_at, facts) VALUES (?1, ?2, ?3, ?4) RETURNING id");

    private readonly Statement _update = new(connection, "UPDATE calls SET touched_at = ?2, facts = ?3 WHERE id = ?1");

    private readonly Statement _upsertWork = new(
        connection,
        """
        INSERT INTO work (call_id, id_instance, due_at, owed, waiting_since, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (call_id) DO UPDATE SET due_at = excluded.due_at, owed = excluded.owed, waiting_since = excluded.waiting_since, state = excluded.state
        """);

    private readonly Statement _deleteWork = new(connection, "DELETE FROM work WHERE call_id = ?1");

    private readonly Statement _due = new(
        connection,
        "SELECT c.id_message FROM work w JOIN calls c ON c.id = w.call_id WHERE w.id_instance = ?1 AND w.due_at <= ?2 ORDER BY w.due_at LIMIT ?3");

    private readonly Statement _nextInstance = new(
        connection, "SELECT id_instance, due_at FROM work WHERE id_instance > ?1 ORDER BY id_instance, due_at LIMIT 1");

    private readonly Statement _page = new(
        connection,
        "SELECT c.id, c.touched_at, w.call_id IS NULL, c.id_instance, c.id_message FROM calls c LEFT JOIN work w ON w.call_id = c.id WHERE c.id > ?1 ORDER BY c.id LIMIT ?2");

    private readonly Statement _delete = new(connection, "DELETE FROM calls WHERE id = ?1");

    public LoadedCall Find(CallKey key)
    {
        using var row = _find.Query(key.IdInstance, key.IdMessage);
        return !row.Read() ? new(key, 0, null)
            : row.IsNull(3) ? new(key, row.Number(0), CallStateSerializer.ReadFacts(key, row.Bytes(2), row.Number(1)))
            : new(key, row.Number(0), CallStateSerializer.Read(row.Bytes(3)));
    }

    public void Write(LoadedCall call)
    {
        var state = call.State!;
        if (call.RowId == 0)
        {
            call.RowId = _insert.Number(call.Key.IdInstance, call.Key.IdMessage, state.TouchedAt.ToUnixTimeMilliseconds(), CallStateSerializer.WriteFacts(state.History))!.Value;
        }
        else if (call.HasNewFacts && _update.Execute(call.RowId, state.TouchedAt.ToUnixTimeMilliseconds(), CallStateSerializer.WriteFacts(state.History)) != 1)
        {
            throw new InvalidOperationException($"Row {call.RowId} of {call.Key} is missing: another process has written to the inbox file. Only one host may use it.");
        }

        if (state.DueAt is { } dueAt)
        {
            _upsertWork.Execute(
                call.RowId, call.Key.IdInstance, dueAt.ToUnixTimeMilliseconds(), state.PendingCount, state.OldestPendingAt?.ToUnixTimeMilliseconds(), CallStateSerializer.Write(state));
        }
        else
        {
            _deleteWork.Execute(call.RowId);
        }
    }

    /// <summary>Gets the due calls of an instance, the longest due first.</summary>
    public List<CallKey> DueRows(long idInstance, DateTimeOffset now, int limit)
    {
        List<CallKey> keys = [];
        using var rows = _due.Query(idInstance, now.ToUnixTimeMilliseconds(), limit);
        while (rows.Read())
        {
            keys.Add(new(idInstance, rows.Text(0)));
        }

        return keys;
    }

    /// <summary>Gets the instances with due calls. Takes one index lookup per instance with unfinished calls, regardless of the number of calls.</summary>
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

            last = row.Number(0);
            if (row.Number(1) <= now.ToUnixTimeMilliseconds())
            {
                instances.Add(last);
            }
        }
    }

    /// <summary>Gets a page of calls in the order of their first notification.</summary>
    public List<CallPageRow> Page(long after, int limit)
    {
        List<CallPageRow> calls = [];
        using var rows = _page.Query(after, limit);
        while (rows.Read())
        {
            calls.Add(new()
            {
                RowId = rows.Number(0),
                TouchedAt = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(1)),
                IsFinished = rows.Number(2) != 0,
                Key = new(rows.Number(3), rows.Text(4)),
            });
        }

        return calls;
    }

    public void Delete(long rowId) => _delete.Execute(rowId);

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_find, _insert, _update, _upsertWork, _deleteWork, _due, _nextInstance, _page, _delete])
        {
            statement.Dispose();
        }
    }
}

/// <summary>The columns of a call that decide whether retention deletes it.</summary>
internal sealed class CallPageRow
{
    public required long RowId { get; init; }

    public required CallKey Key { get; init; }

    public required DateTimeOffset TouchedAt { get; init; }

    public required bool IsFinished { get; init; }
}

/// <summary>A call that a transaction has loaded, with its changes.</summary>
internal sealed class LoadedCall(CallKey key, long rowId, CallState? state)
{
    public CallKey Key => key;

    /// <summary>The id of the row; 0 while the call has none.</summary>
    public long RowId { get; set; } = rowId;

    /// <summary>The state of the call; null for an unknown call.</summary>
    public CallState? State { get; private set; } = state;

    /// <summary>Whether the call must be written.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether the history of the call has changed. The result of an attempt changes its deliveries only.</summary>
    public bool HasNewFacts { get; private set; }

    public void Change(CallState after)
    {
        HasNewFacts |= !ReferenceEquals(State?.History, after.History);
        IsChanged = true;
        State = after;
    }
}
