using System.Security.Cryptography;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>Writes the table <c>quarantine</c> on behalf of the engine.</summary>
internal sealed class QuarantineTable(InboxSchema schema)
{
    private readonly string _insert = $"INSERT INTO {schema.Quarantine} (reason, explanation, id_instance, received_at, sha256, bytes) VALUES ($1, $2, $3, $4, $5, $6)";
    private readonly string _lockReplayRequested = $"SELECT id, bytes FROM {schema.Quarantine} WHERE replay_at IS NOT NULL AND id > $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
    private readonly string _withdraw = $"UPDATE {schema.Quarantine} SET replay_at = NULL WHERE id = $1";
    private readonly string _delete = $"DELETE FROM {schema.Quarantine} WHERE id = $1";
    private readonly string _trim = $"""
        DELETE FROM {schema.Quarantine} WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY id_instance ORDER BY id DESC) AS place FROM {schema.Quarantine}) ranked WHERE place > $1)
        """;

    private readonly string _deleteOld = $"DELETE FROM {schema.Quarantine} WHERE received_at < $1 AND replay_at IS NULL";

    /// <summary>Explains why the bytes of an event are in the quarantine.</summary>
    public static string ExplainUnreadableEvent(string handler) => $"The stored event of handler {handler} cannot be read. These are its bytes.";

    public Task InsertAsync(InboxPool database, QuarantinedNotification item, CancellationToken cancellationToken) =>
        database.RunWithNewSessionsAsync(() => database.ExecuteAsync(_insert, cancellationToken, CreateParameters(item)));

    /// <summary>Creates the command that inserts a notification.</summary>
    public NpgsqlBatchCommand Insert(QuarantinedNotification item) => Parameter.CreateForBatch(_insert, CreateParameters(item));

    private static NpgsqlParameter[] CreateParameters(QuarantinedNotification item)
    {
        var bytes = item.Utf8Json.ToArray();
        return
        [
            Parameter.Of(item.Reason.ToString()),
            Parameter.Of(item.Explanation),
            Parameter.OfNumber(item.IdInstance),
            Parameter.Of(item.ReceivedAt.ToUniversalTime()),
            Parameter.Of(Convert.ToHexString(SHA256.HashData(bytes))),
            Parameter.Of(bytes),
        ];
    }

    /// <summary>Locks the first notification behind an id whose replay was requested; null when there is none.</summary>
    public async Task<(long Id, byte[] Bytes)?> TryLockReplayRequestedAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _lockReplayRequested, Parameter.Of(after));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Withdraws the request for the replay of a notification.</summary>
    public async Task WithdrawReplayAsync(NpgsqlConnection connection, long id)
    {
        await using var command = Parameter.Create(connection, _withdraw, Parameter.Of(id));
        await command.ExecuteNonQueryAsync();
    }

    public async Task DeleteAsync(NpgsqlConnection connection, long id)
    {
        await using var command = Parameter.Create(connection, _delete, Parameter.Of(id));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes the oldest notifications of each instance above a maximum; returns how many were deleted.</summary>
    public async Task<int> TrimAsync(NpgsqlConnection connection, int max, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _trim, Parameter.Of((long)max));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes the notifications that were received before a time, unless their replay was requested; returns how many were deleted.</summary>
    public async Task<int> DeleteOldAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _deleteOld, Parameter.Of(before.ToUniversalTime()));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
