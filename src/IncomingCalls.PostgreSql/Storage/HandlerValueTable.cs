using System.Text;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>Reads and writes the table <c>handler_values</c>. A reservation is a row without a value; a number or a text that a key lacks is 0 or empty, since NULL is not unique.</summary>
internal sealed class HandlerValueTable(InboxSchema schema)
{
    private const int DeletedAtOnce = 1_000;

    private const string Columns = "handler, kind, account, id_instance, subject, name";

    /// <summary>The statement writes nothing unless the transaction of the claim is open: a process that was paused in between no longer has it. Without a claim there is nothing to compare.</summary>
    private const string Claim = "claim AS (SELECT $9::text IS NULL OR coalesce(pg_xact_status($9::text::xid8) = 'in progress', false) AS is_open)";

    private readonly string _find = $"""
        SELECT value FROM {schema.HandlerValues}
        WHERE handler = $1 AND kind = $2 AND account = $3 AND id_instance = $4 AND subject = $5 AND name = $6 AND value IS NOT NULL AND expires_at > $7
        """;

    private readonly string _save = $"""
        WITH {Claim}, written AS (
            INSERT INTO {schema.HandlerValues} ({Columns}, expires_at, value) SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM claim WHERE is_open
            ON CONFLICT ({Columns}) DO UPDATE SET expires_at = excluded.expires_at, value = excluded.value RETURNING 1)
        SELECT is_open, EXISTS (SELECT 1 FROM written) FROM claim
        """;

    private readonly string _reserve = $"""
        WITH {Claim}, written AS (
            INSERT INTO {schema.HandlerValues} ({Columns}, expires_at) SELECT $1, $2, $3, $4, $5, $6, $7 FROM claim WHERE is_open
            ON CONFLICT ({Columns}) DO UPDATE SET expires_at = excluded.expires_at, value = NULL WHERE handler_values.expires_at <= $8 RETURNING 1)
        SELECT is_open, EXISTS (SELECT 1 FROM written) FROM claim
        """;

    // A value of a call outlives the dead letters of the call, whose replays need it.
    private readonly string _deleteExpired = $"""
        DELETE FROM {schema.HandlerValues} WHERE expires_at <= $1 AND ({Columns}) IN (
            SELECT {Columns} FROM {schema.HandlerValues} v WHERE v.expires_at <= $1
              AND (v.kind <> {(int)HandlerKeyKind.Call} OR NOT EXISTS (SELECT 1 FROM {schema.DeadLetters} d WHERE d.id_instance = v.id_instance AND d.id_message = v.subject))
            ORDER BY v.expires_at LIMIT {DeletedAtOnce} FOR UPDATE SKIP LOCKED)
        """;

    private readonly string _renew = $"""
        UPDATE {schema.HandlerValues} SET expires_at = greatest(expires_at, $4)
        WHERE handler = $1 AND kind = {(int)HandlerKeyKind.Call} AND account = '' AND id_instance = $2 AND subject = $3 AND value IS NOT NULL AND expires_at > $5
        """;

    /// <summary>Creates the command that finds a value.</summary>
    public NpgsqlBatchCommand Find(string handler, HandlerKey key, DateTimeOffset now) =>
        Parameter.CreateForBatch(_find, [.. CreateKey(handler, key), Parameter.Of(now.ToUniversalTime())]);

    /// <summary>Creates the command that saves a value; its row is read with <see cref="ReadWritten"/>.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiresAt">When it expires.</param>
    /// <param name="claim">The id of the transaction of the claim; null when there is none.</param>
    public NpgsqlBatchCommand Save(string handler, HandlerKey key, string value, DateTimeOffset expiresAt, string? claim) => Parameter.CreateForBatch(
        _save, [.. CreateKey(handler, key), Parameter.Of(expiresAt.ToUniversalTime()), Parameter.Of(Encoding.UTF8.GetBytes(value)), Parameter.OfText(claim)]);

    /// <summary>Creates the command that reserves a key that has neither a value nor a reservation, or only expired ones; its row is read with <see cref="ReadWritten"/>.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="key">The key.</param>
    /// <param name="until">When the reservation expires.</param>
    /// <param name="now">The time.</param>
    /// <param name="claim">The id of the transaction of the claim; null when there is none.</param>
    public NpgsqlBatchCommand Reserve(string handler, HandlerKey key, DateTimeOffset until, DateTimeOffset now, string? claim) => Parameter.CreateForBatch(
        _reserve, [.. CreateKey(handler, key), Parameter.Of(until.ToUniversalTime()), Parameter.Of(now.ToUniversalTime()), Parameter.OfText(claim)]);

    /// <summary>Reads whether a row was written.</summary>
    /// <exception cref="InvalidOperationException">The transaction of the claim is not open any more.</exception>
    public static bool ReadWritten(NpgsqlDataReader row) => row.GetBoolean(0)
        ? row.GetBoolean(1)
        : throw new InvalidOperationException("The attempt of the handler has ended: its session of the database is lost, and another node may have repeated it. Nothing was saved.");

    /// <summary>Makes the values of a call and handler valid again that had not expired when its delivery became a dead letter.</summary>
    public async Task RenewAsync(NpgsqlConnection connection, DeadLetterEntry replayed, DateTimeOffset now)
    {
        await using var command = Parameter.Create(
            connection,
            _renew,
            Parameter.Of(replayed.Handler),
            Parameter.Of(replayed.Event.Call.IdInstance),
            Parameter.Of(replayed.Event.Call.IdMessage),
            Parameter.Of((now + IHandlerValueStore.DefaultLifetime).ToUniversalTime()),
            Parameter.Of(replayed.FailedAt.ToUniversalTime()));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes values that have expired, in small batches.</summary>
    public async Task DeleteExpiredAsync(InboxPool pool, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await pool.ExecuteAsync(_deleteExpired, cancellationToken, Parameter.Of(now.ToUniversalTime())) == DeletedAtOnce)
        {
            // Until there are no more.
        }
    }

    private static NpgsqlParameter[] CreateKey(string handler, HandlerKey key) =>
    [
        Parameter.Of(handler), Parameter.Of((short)key.Kind), Parameter.Of(key.Account ?? ""), Parameter.Of(key.IdInstance ?? 0), Parameter.Of(key.Subject), Parameter.Of(key.Name),
    ];
}
