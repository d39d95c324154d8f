using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>Writes the table <c>dead_letters</c> on behalf of the engine.</summary>
internal sealed class DeadLetterTable(InboxSchema schema)
{
    private readonly string _insert = $"""
        INSERT INTO {schema.DeadLetters} (event_id, handler, id_instance, id_message, letter, failed_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (event_id, handler) DO UPDATE SET letter = excluded.letter, failed_at = excluded.failed_at, replay_at = NULL
        """;

    private readonly string _replayRequested = $"SELECT id, letter FROM {schema.DeadLetters} WHERE replay_at IS NOT NULL ORDER BY id LIMIT 100";
    private readonly string _delete = $"DELETE FROM {schema.DeadLetters} WHERE id = $1 AND replay_at IS NOT NULL";
    private readonly string _withdraw = $"UPDATE {schema.DeadLetters} SET replay_at = NULL WHERE id = $1";
    private readonly string _trim = $"""
        DELETE FROM {schema.DeadLetters} WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY id_instance ORDER BY id DESC) AS place FROM {schema.DeadLetters}) ranked WHERE place > $1)
        """;

    private readonly string _deleteOld = $"DELETE FROM {schema.DeadLetters} WHERE failed_at < $1 AND replay_at IS NULL";

    /// <summary>Creates the command that inserts a dead letter.</summary>
    public NpgsqlBatchCommand Insert(DeadLetterEntry letter) => Parameter.CreateForBatch(
        _insert,
        Parameter.Of(letter.Event.Id),
        Parameter.Of(letter.Handler),
        Parameter.Of(letter.Event.Call.IdInstance),
        Parameter.Of(letter.Event.Call.IdMessage),
        Parameter.Of(InboxJson.Write(letter)),
        Parameter.Of(letter.FailedAt.ToUniversalTime()));

    /// <summary>Finds dead letters whose replay was requested, to be read with <see cref="InboxJson.ReadDeadLetter"/>.</summary>
    public async Task<IReadOnlyList<(long Id, byte[] Letter)>> FindReplayRequestedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<(long, byte[])> letters = [];
        await using var command = Parameter.Create(connection, _replayRequested);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            letters.Add((row.GetInt64(0), row.GetFieldValue<byte[]>(1)));
        }

        return letters;
    }

    /// <summary>Deletes a dead letter that is replayed; returns false when another node has replayed it.</summary>
    public async Task<bool> TryDeleteAsync(NpgsqlConnection connection, long id)
    {
        await using var command = Parameter.Create(connection, _delete, Parameter.Of(id));
        return await command.ExecuteNonQueryAsync() == 1;
    }

    /// <summary>Withdraws the request for the replay of a dead letter.</summary>
    public async Task WithdrawReplayAsync(NpgsqlConnection connection, long id)
    {
        await using var command = Parameter.Create(connection, _withdraw, Parameter.Of(id));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes the oldest dead letters of each instance above a maximum; returns how many were deleted.</summary>
    public async Task<int> TrimAsync(NpgsqlConnection connection, int max, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _trim, Parameter.Of((long)max));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes the dead letters that failed before a time, unless their replay was requested; returns how many were deleted.</summary>
    public async Task<int> DeleteOldAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _deleteOld, Parameter.Of(before.ToUniversalTime()));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
