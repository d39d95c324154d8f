using System.Data;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>A call whose row is locked.</summary>
/// <param name="Id">The id of the row.</param>
/// <param name="State">The state, without its pending deliveries.</param>
internal sealed record LockedCall(long Id, CallState State);

/// <summary>Reads and writes the table <c>calls</c>.</summary>
internal sealed class CallTable(InboxSchema schema)
{
    private readonly string _lock = $"SELECT id, state FROM {schema.Calls} WHERE id_instance = $1 AND id_message = $2 FOR UPDATE";
    private readonly string _lockById = $"SELECT id_instance, id_message, state FROM {schema.Calls} WHERE id = $1 AND outcome_due_at <= $2 FOR UPDATE SKIP LOCKED";
    private readonly string _insert = $"""
        INSERT INTO {schema.Calls} (id_instance, id_message, touched_at, outcome_due_at, state) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id_instance, id_message) DO NOTHING
        """;

    private readonly string _update = $"UPDATE {schema.Calls} SET touched_at = $2, outcome_due_at = $3, state = $4 WHERE id = $1";
    private readonly string _postpone = $"UPDATE {schema.Calls} SET outcome_due_at = $2 WHERE id = $1";
    private readonly string _endOutcomeTimeout = $"UPDATE {schema.Calls} SET outcome_due_at = NULL WHERE id = $1";

    /// <summary>Finds a call and locks its row; null when there is none.</summary>
    /// <exception cref="UnreadableCallException">The state cannot be read.</exception>
    public async Task<LockedCall?> FindAndLockAsync(NpgsqlConnection connection, CallKey key, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { FindAndLock(key) } };
        await using var row = await batch.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await ReadLockedAsync(row, key, cancellationToken);
    }

    /// <summary>Creates the command that finds a call and locks its row; its result is read with <see cref="ReadLockedAsync"/>.</summary>
    public NpgsqlBatchCommand FindAndLock(CallKey key) => Parameter.CreateForBatch(_lock, Parameter.Of(key.IdInstance), Parameter.Of(key.IdMessage));

    /// <summary>Reads the result of <see cref="FindAndLock"/>; null when there is no call.</summary>
    /// <exception cref="UnreadableCallException">The state cannot be read.</exception>
    public static async Task<LockedCall?> ReadLockedAsync(NpgsqlDataReader row, CallKey key, CancellationToken cancellationToken) =>
        await row.ReadAsync(cancellationToken) ? new(row.GetInt64(0), InboxJson.ReadCall(key, row.GetFieldValue<byte[]>(1))) : null;

    /// <summary>Locks a call whose outcome is asked for by a time; null when it is not, or another node has locked it.</summary>
    /// <exception cref="UnreadableCallException">The state cannot be read.</exception>
    public async Task<LockedCall?> TryLockDueAsync(NpgsqlConnection connection, long id, DateTimeOffset dueBy, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _lockById, Parameter.Of(id), Parameter.Of(dueBy.ToUniversalTime()));
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(id, InboxJson.ReadCall(new(row.GetInt64(0), row.GetString(1)), row.GetFieldValue<byte[]>(2)))
            : null;
    }

    /// <summary>Creates the command that inserts a call. It affects no row when another transaction has inserted the call meanwhile.</summary>
    public NpgsqlBatchCommand Insert(CallState call) => Parameter.CreateForBatch(
        _insert,
        Parameter.Of(call.History.Key.IdInstance),
        Parameter.Of(call.History.Key.IdMessage),
        Parameter.Of(call.TouchedAt.ToUniversalTime()),
        Parameter.OfTime(call.OutcomeDueAt),
        Parameter.Of(InboxJson.Write(call)));

    /// <summary>Creates the command that updates a call.</summary>
    public NpgsqlBatchCommand Update(long id, CallState call) =>
        Parameter.CreateForBatch(_update, Parameter.Of(id), Parameter.Of(call.TouchedAt.ToUniversalTime()), Parameter.OfTime(call.OutcomeDueAt), Parameter.Of(InboxJson.Write(call)));

    /// <summary>Postpones the question for the outcome of a call.</summary>
    public async Task PostponeOutcomeAsync(NpgsqlConnection connection, long id, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _postpone, Parameter.Of(id), Parameter.Of(dueAt.ToUniversalTime()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends the outcome timeout of a call that cannot be read. Its row is not changed otherwise.</summary>
    public async Task EndOutcomeTimeoutAsync(NpgsqlConnection connection, long id, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _endOutcomeTimeout, Parameter.Of(id));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
