using System.Data;
using System.Text.Json;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>A person whose row is locked.</summary>
/// <param name="Id">The id of the row.</param>
/// <param name="State">The state; null when there is none.</param>
internal sealed record LockedPerson(long Id, PersonState? State);

/// <summary>
/// Reads and writes the tables <c>persons</c> and <c>person_calls</c>. A row is the person that calls belong to, and while that is stored, the state of its callback. Two rows can become
/// one by changing the calls of one of them.
/// </summary>
internal sealed class PersonTable(InboxSchema schema)
{
    private const int DeletedAtOnce = 1_000;

    private const int PageSize = 1_000;

    /// <summary>How long a row without a state is stored before it is deleted, or stored on because a call refers to it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private readonly string _find = $"SELECT id, state FROM {schema.Persons} WHERE account = $1 AND id_instance = $2 AND person = $3";
    private readonly string _insert = $"""
        INSERT INTO {schema.Persons} (account, id_instance, person, expires_at, open_since, state) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account, id_instance, person) DO NOTHING
        """;

    private readonly string _update = $"UPDATE {schema.Persons} SET expires_at = $2, open_since = $3, state = $4 WHERE id = $1";

    /// <summary>
    /// Links a call that this transaction has written to its person, whose row it inserts if there is none. The lock keeps the row from being deleted meanwhile; it does not wait for a change of
    /// the state.
    /// </summary>
    private readonly string _link = $"""
        WITH found AS MATERIALIZED (SELECT id FROM {schema.Persons} WHERE account = $1 AND id_instance = $2 AND person = $3 FOR KEY SHARE),
        added AS (
            INSERT INTO {schema.Persons} (account, id_instance, person, expires_at) SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM found)
            ON CONFLICT (account, id_instance, person) DO UPDATE SET expires_at = GREATEST(persons.expires_at, excluded.expires_at) RETURNING id)
        INSERT INTO {schema.PersonCalls} (call_id, person_id)
        SELECT c.id, p.id FROM {schema.Calls} c, (SELECT id FROM found UNION ALL SELECT id FROM added) p
        WHERE c.id_instance = $5 AND c.id_message = $6 AND c.xmin = pg_current_xact_id()::xid
        ON CONFLICT (call_id) DO UPDATE SET person_id = excluded.person_id
        """;

    private readonly string _unlink = $"DELETE FROM {schema.PersonCalls} WHERE call_id = (SELECT id FROM {schema.Calls} WHERE id_instance = $1 AND id_message = $2)";

    private readonly string _open = $"""
        SELECT id, state, open_since FROM {schema.Persons}
        WHERE open_since IS NOT NULL AND ($1::text IS NULL OR account = $1) AND ($2::timestamptz IS NULL OR (open_since, id) > ($2, $3)) ORDER BY open_since, id LIMIT {PageSize}
        """;

    private readonly string _lockExpired = $"SELECT id FROM {schema.Persons} WHERE expires_at <= $1 ORDER BY expires_at LIMIT {DeletedAtOnce} FOR UPDATE SKIP LOCKED";

    /// <summary>A statement of its own, which sees the calls that were linked before the rows were locked.</summary>
    private readonly string _deleteUnused = $"DELETE FROM {schema.Persons} p WHERE id = ANY($1) AND NOT EXISTS (SELECT 1 FROM {schema.PersonCalls} l WHERE l.person_id = p.id)";

    private readonly string _lockById = $"SELECT id, state FROM {schema.Persons} WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED";
    private readonly string _clear = $"UPDATE {schema.Persons} SET open_since = NULL, state = NULL WHERE id = ANY($1) AND state IS NOT NULL";
    private readonly string _forget = $"UPDATE {schema.Persons} SET expires_at = $2, open_since = NULL, state = NULL WHERE id = ANY($1)";

    /// <summary>Finds a person and locks its row; null when there is none. A state that cannot be read counts as none: a later call must not be refused because of it.</summary>
    public async Task<LockedPerson?> FindAndLockAsync(NpgsqlConnection connection, Person person)
    {
        await using var command = Parameter.Create(connection, $"{_find} FOR NO KEY UPDATE", CreateKey(person));
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow);
        return await row.ReadAsync() ? new(row.GetInt64(0), row.IsDBNull(1) ? null : TryRead(row.GetFieldValue<byte[]>(1))) : null;
    }

    /// <summary>Creates the command that inserts the state of a person. It affects no row when another transaction has inserted the person meanwhile.</summary>
    public NpgsqlBatchCommand Insert(PersonState state) => Parameter.CreateForBatch(_insert, [.. CreateKey(state.Person), .. CreateState(state)]);

    /// <summary>Creates the command that writes the state of a person whose row is locked.</summary>
    public NpgsqlBatchCommand Update(long id, PersonState state) => Parameter.CreateForBatch(_update, [Parameter.Of(id), .. CreateState(state)]);

    /// <summary>Creates the command that records the person of a call that this transaction has written.</summary>
    public NpgsqlBatchCommand Link(CallKey call, Person person, DateTimeOffset now) => Parameter.CreateForBatch(
        _link, [.. CreateKey(person), Parameter.Of((now + Lifetime).ToUniversalTime()), Parameter.Of(call.IdInstance), Parameter.Of(call.IdMessage)]);

    /// <summary>Creates the command that records that a call has no person.</summary>
    public NpgsqlBatchCommand Unlink(CallKey call) => Parameter.CreateForBatch(_unlink, Parameter.Of(call.IdInstance), Parameter.Of(call.IdMessage));

    /// <summary>Finds the open callback of a person; null when none is open.</summary>
    public async Task<OpenCallback?> FindOpenAsync(InboxPool pool, Person person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await pool.QueryAsync(_find, row => row.IsDBNull(1) ? null : TryRead(row.GetFieldValue<byte[]>(1))?.ToOpenCallback(row.GetInt64(0), now), cancellationToken, CreateKey(person));
        return found.SingleOrDefault();
    }

    /// <summary>Gets a page of the open callbacks.</summary>
    public async Task<IReadOnlyList<OpenCallback>> ListAsync(InboxPool pool, CallbackListRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<OpenCallback> callbacks = [];
        var (openSince, id) = (request.AfterMissedAt, request.AfterId);
        while (true)
        {
            var page = await pool.QueryAsync(
                _open,
                row => (Id: row.GetInt64(0), Callback: TryRead(row.GetFieldValue<byte[]>(1))?.ToOpenCallback(row.GetInt64(0), now), OpenSince: row.GetFieldValue<DateTimeOffset>(2)),
                cancellationToken,
                Parameter.OfText(request.Account),
                Parameter.OfTime(openSince),
                Parameter.OfNumber(id));
            callbacks.AddRange(page.Select(static row => row.Callback).OfType<OpenCallback>().Where(request.Selects).Take(request.Limit - callbacks.Count));
            if (callbacks.Count == request.Limit || page.Count < PageSize)
            {
                return callbacks;
            }

            (openSince, id) = (page[^1].OpenSince, page[^1].Id);
        }
    }

    /// <summary>Erases persons, as far as their states and calls are erased, in one transaction. Those that another transaction has locked are left.</summary>
    /// <param name="pool">The connections.</param>
    /// <param name="ids">The ids of the rows.</param>
    /// <param name="covered">Those of persons who are erased, so that a state that cannot be read is as well.</param>
    /// <param name="reduce">Gets what remains of a state; null for nothing.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The ids of the rows that were changed or deleted, and how many were left.</returns>
    public async Task<(IReadOnlyList<long> Erased, int Left)> EraseAsync(
        InboxPool pool, long[] ids, IReadOnlySet<long> covered, Func<PersonState, PersonState?> reduce, CancellationToken cancellationToken)
    {
        await using var connection = await pool.OpenConnectionAsync(cancellationToken);
        await using var transaction = await pool.BeginTransactionAsync(connection, cancellationToken);
        List<long> empty = [];
        List<(long Id, PersonState State)> reduced = [];
        var locked = 0;
        await using (var command = Parameter.Create(connection, _lockById, Parameter.Of(ids)))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                locked++;
                var before = row.IsDBNull(1) ? null : TryRead(row.GetFieldValue<byte[]>(1));
                if (before is null && !row.IsDBNull(1) && !covered.Contains(row.GetInt64(0)))
                {
                    // That of another person, which cannot be read.
                    continue;
                }

                if (before is null || reduce(before) is not { } after)
                {
                    empty.Add(row.GetInt64(0));
                }
                else if (!ReferenceEquals(before, after))
                {
                    reduced.Add((row.GetInt64(0), after));
                }
            }
        }

        // Later calls refer to a row that is not deleted, which then only loses its state.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (ReadOnlySpan<string>)[_deleteUnused, _clear])
        {
            batch.BatchCommands.Add(Parameter.CreateForBatch($"{sql} RETURNING id", Parameter.Of(empty.ToArray())));
        }

        foreach (var (id, state) in reduced)
        {
            batch.BatchCommands.Add(Update(id, state));
        }

        List<long> erased = [.. reduced.Select(static person => person.Id)];
        await using (var row = await batch.ExecuteReaderAsync(cancellationToken))
        {
            do
            {
                while (await row.ReadAsync(cancellationToken))
                {
                    erased.Add(row.GetInt64(0));
                }
            }
            while (await row.NextResultAsync(cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
        return (erased, ids.Length - locked);
    }

    /// <summary>Deletes the states that have expired, and the persons without calls, in small batches.</summary>
    public async Task DeleteExpiredAsync(InboxPool pool, NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await DeleteBatchAsync(pool, connection, now, cancellationToken) == DeletedAtOnce)
        {
            // Until there are no more.
        }
    }

    private async Task<int> DeleteBatchAsync(InboxPool pool, NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await pool.BeginTransactionAsync(connection, cancellationToken);
        List<long> expired = [];
        await using (var command = Parameter.Create(connection, _lockExpired, Parameter.Of(now.ToUniversalTime())))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                expired.Add(row.GetInt64(0));
            }
        }

        if (expired.Count > 0)
        {
            long[] ids = [.. expired];
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    Parameter.CreateForBatch(_deleteUnused, Parameter.Of(ids)),
                    Parameter.CreateForBatch(_forget, Parameter.Of(ids), Parameter.Of((now + Lifetime).ToUniversalTime())),
                },
            };
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return expired.Count;
    }

    private static NpgsqlParameter[] CreateKey(Person person) => [Parameter.Of(person.Account ?? ""), Parameter.Of(person.IdInstance ?? 0), Parameter.Of(person.Id)];

    private static NpgsqlParameter[] CreateState(PersonState state) => [Parameter.Of(state.ExpiresAt.ToUniversalTime()), Parameter.OfTime(state.OpenSince), Parameter.Of(InboxJson.Write(state))];

    private static PersonState? TryRead(byte[] json)
    {
        try
        {
            return InboxJson.ReadPerson(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
