using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the tables <c>calls</c> and <c>work</c>.</summary>
internal sealed class CallTable(SqliteConnection connection, LaneTable lanes) : IDisposable
{
    private readonly Statement _find = new(
        connection,
        "SELECT c.id, c.touched_at, c.facts, w.state, c.person_id FROM calls c LEFT JOIN work w ON w.call_id = c.id WHERE c.id_instance = ?1 AND c.id_message = ?2");

    private readonly Statement _insert = new(
        connection, "INSERT INTO calls (id_instance, id_message, touched_at, facts, person_id) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id");

    private readonly Statement _update = new(connection, "UPDATE calls SET touched_at = ?2, facts = ?3 WHERE id = ?1");

    private readonly Statement _setPerson = new(connection, "UPDATE calls SET person_id = ?2 WHERE id = ?1");

    private readonly Statement _upsertWork = new(
        connection, "INSERT INTO work (call_id, state) VALUES (?1, ?2) ON CONFLICT (call_id) DO UPDATE SET state = excluded.state");

    private readonly Statement _deleteWork = new(connection, "DELETE FROM work WHERE call_id = ?1");

    private readonly Statement _page = new(
        connection,
        "SELECT c.id, c.touched_at, w.call_id IS NULL, c.id_instance, c.id_message FROM calls c LEFT JOIN work w ON w.call_id = c.id WHERE c.id > ?1 ORDER BY c.id LIMIT ?2");

    private readonly Statement _delete = new(connection, "DELETE FROM calls WHERE id = ?1");

    /// <summary>Finds a call.</summary>
    /// <exception cref="UnreadableCallException">The stored state cannot be read.</exception>
    public LoadedCall Find(CallKey key)
    {
        using var row = _find.Query(key.IdInstance, key.IdMessage);
        if (!row.Read())
        {
            return new(key, 0, null);
        }

        try
        {
            var facts = CallStateSerializer.ReadFacts(row.Bytes(2));
            return new(key, row.Number(0), CallStateSerializer.Read(key, row.Number(1), facts, row.IsNull(3) ? null : row.Bytes(3)))
            {
                PersonId = row.IsNull(4) ? null : row.Number(4),
                LaterFacts = facts.HasUnknownMembers ? facts : null,
            };
        }
        catch (Exception e) when (e is not SqliteException)
        {
            // Without the cause, whose message may quote a phone number.
            throw new UnreadableCallException(key, $"The stored state of the call in row {row.Number(0)} of the table calls cannot be read ({e.GetType().Name}).");
        }
    }

    /// <summary>Writes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="personId">The id of the person that it belongs to; null for none. Not used unless the call has new facts.</param>
    public void Write(LoadedCall call, long? personId)
    {
        var state = call.State!;
        if (call.RowId == 0)
        {
            call.RowId = _insert.Number(call.Key.IdInstance, call.Key.IdMessage, state.TouchedAt.ToUnixTimeMilliseconds(), CallStateSerializer.WriteFacts(state.History, call.LaterFacts), personId)!.Value;
            call.PersonId = personId;
        }
        else if (call.HasNewFacts && _update.Execute(call.RowId, state.TouchedAt.ToUnixTimeMilliseconds(), CallStateSerializer.WriteFacts(state.History, call.LaterFacts)) != 1)
        {
            throw new InvalidOperationException($"Row {call.RowId} of {call.Key} is missing: another process has written to the inbox file. Only one host may use it.");
        }

        if (call.HasNewFacts && personId != call.PersonId)
        {
            _setPerson.Execute(call.RowId, personId);
            call.PersonId = personId;
        }

        if (state.IsFinished)
        {
            _deleteWork.Execute(call.RowId);
        }
        else
        {
            _upsertWork.Execute(call.RowId, CallStateSerializer.WriteWork(state));
        }

        lanes.Write(call);
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
        foreach (var statement in (Statement[])[_find, _insert, _update, _setPerson, _upsertWork, _deleteWork, _page, _delete])
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

    /// <summary>The lanes of the call in the file.</summary>
    public IReadOnlyList<Lane> LanesBefore { get; } = state?.GetLanes() ?? [];

    /// <summary>The id of the row; 0 while the call has none.</summary>
    public long RowId { get; set; } = rowId;

    /// <summary>The state of the call; null for an unknown call.</summary>
    public CallState? State { get; private set; } = state;

    /// <summary>The id of the person in the file; null for none.</summary>
    public long? PersonId { get; set; }

    /// <summary>The stored facts, if they have members of a later version, which are written again; null otherwise.</summary>
    public FactsDto? LaterFacts { get; init; }

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
