using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>
/// Reads and writes the table <c>persons</c>. A row is the person that calls belong to, and while that is stored, the state of its callback. Calls refer to the id of the row, so that two
/// rows can become one by changing the calls of one of them.
/// </summary>
internal sealed class PersonTable(SqliteConnection connection) : IDisposable
{
    /// <summary>How long a row without a state is stored before it is deleted, or stored on because a call refers to it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private static readonly JsonTypeInfo<PersonState> State = (JsonTypeInfo<PersonState>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(PersonState));

    private readonly Statement _find = new(connection, "SELECT id, state FROM persons WHERE account = ?1 AND id_instance = ?2 AND person = ?3");
    private readonly Statement _insert = new(connection, "INSERT INTO persons (account, id_instance, person, expires_at) VALUES (?1, ?2, ?3, ?4) RETURNING id");
    private readonly Statement _write = new(
        connection,
        """
        INSERT INTO persons (account, id_instance, person, expires_at, open_since, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (account, id_instance, person) DO UPDATE SET expires_at = excluded.expires_at, open_since = excluded.open_since, state = excluded.state
        """);

    private readonly Statement _expired = new(connection, "SELECT id FROM persons WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2");
    private readonly Statement _deleteUnused = new(connection, "DELETE FROM persons WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM calls WHERE person_id = ?1)");
    private readonly Statement _forget = new(connection, "UPDATE persons SET expires_at = ?2, open_since = NULL, state = NULL WHERE id = ?1");
    private readonly Statement _findState = new(connection, "SELECT state FROM persons WHERE id = ?1");
    private readonly Statement _clear = new(connection, "UPDATE persons SET open_since = NULL, state = NULL WHERE id = ?1");
    private readonly Statement _open = new(
        connection,
        """
        SELECT id, state FROM persons
        WHERE open_since IS NOT NULL AND expires_at > ?1 AND (?2 IS NULL OR account = ?2) AND (?3 IS NULL OR (open_since, id) > (?3, ?4))
        ORDER BY open_since, id
        """);

    /// <summary>Finds the state of a person; null when there is none. One that cannot be read counts as none: a later call must not be refused because of it.</summary>
    public PersonState? Find(Person person)
    {
        using var row = Find(_find, person);
        return row.Read() && !row.IsNull(1) ? TryRead(row.Bytes(1)) : null;
    }

    /// <summary>Finds the open callback of a person; null when none is open.</summary>
    public OpenCallback? FindOpen(Person person, DateTimeOffset now)
    {
        using var row = Find(_find, person);
        return row.Read() && !row.IsNull(1) ? TryRead(row.Bytes(1))?.ToOpenCallback(row.Number(0), now) : null;
    }

    /// <summary>Gets the id of a person, and inserts the person if there is no row.</summary>
    public long GetOrAddId(Person person, DateTimeOffset now)
    {
        using (var row = Find(_find, person))
        {
            if (row.Read())
            {
                return row.Number(0);
            }
        }

        return _insert.Number(person.Account ?? "", person.IdInstance ?? 0, person.Id, (now + Lifetime).ToUnixTimeMilliseconds())!.Value;
    }

    public void Write(PersonState state) => _write.Execute(
        state.Person.Account ?? "",
        state.Person.IdInstance ?? 0,
        state.Person.Id,
        state.ExpiresAt.ToUnixTimeMilliseconds(),
        state.OpenSince?.ToUnixTimeMilliseconds(),
        JsonSerializer.SerializeToUtf8Bytes(state, State));

    /// <summary>Deletes the states that have expired, the oldest first, and the persons without calls; returns how many rows were looked at.</summary>
    public int DeleteExpired(DateTimeOffset now, int limit)
    {
        List<long> expired = [];
        using (var rows = _expired.Query(now.ToUnixTimeMilliseconds(), limit))
        {
            while (rows.Read())
            {
                expired.Add(rows.Number(0));
            }
        }

        foreach (var id in expired)
        {
            if (_deleteUnused.Execute(id) == 0)
            {
                _forget.Execute(id, (now + Lifetime).ToUnixTimeMilliseconds());
            }
        }

        return expired.Count;
    }

    /// <summary>Gets a page of the open callbacks.</summary>
    public IReadOnlyList<OpenCallback> List(CallbackListRequest request, DateTimeOffset now)
    {
        List<OpenCallback> callbacks = [];
        using var rows = _open.Query(now.ToUnixTimeMilliseconds(), request.Account, request.AfterMissedAt?.ToUnixTimeMilliseconds(), request.AfterId);
        while (callbacks.Count < request.Limit && rows.Read())
        {
            if (TryRead(rows.Bytes(1))?.ToOpenCallback(rows.Number(0), now) is { } callback && request.Selects(callback))
            {
                callbacks.Add(callback);
            }
        }

        return callbacks;
    }

    /// <summary>Erases a person, as far as the state and the calls are erased; returns whether anything was.</summary>
    /// <param name="id">The id of the row.</param>
    /// <param name="isCovered">Whether the person is erased, so that a state that cannot be read is as well.</param>
    /// <param name="reduce">Gets what remains of the state; null for nothing.</param>
    public bool Erase(long id, bool isCovered, Func<PersonState, PersonState?> reduce)
    {
        byte[]? state;
        using (var row = _findState.Query(id))
        {
            state = row.Read() && !row.IsNull(0) ? row.Bytes(0) : null;
        }

        var before = state is null ? null : TryRead(state);
        if (state is not null && before is null && !isCovered)
        {
            return false;
        }

        var after = before is null ? null : reduce(before);
        if (after is null)
        {
            // Later calls refer to the row, which then only loses its state.
            return _deleteUnused.Execute(id) > 0 || (state is not null && _clear.Execute(id) > 0);
        }

        if (!ReferenceEquals(before, after))
        {
            Write(after);
        }

        return !ReferenceEquals(before, after);
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_find, _insert, _write, _expired, _deleteUnused, _forget, _findState, _clear, _open])
        {
            statement.Dispose();
        }
    }

    private static StatementRows Find(Statement statement, Person person) => statement.Query(person.Account ?? "", person.IdInstance ?? 0, person.Id);

    private static PersonState? TryRead(byte[] state)
    {
        try
        {
            return JsonSerializer.Deserialize(state, State);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
