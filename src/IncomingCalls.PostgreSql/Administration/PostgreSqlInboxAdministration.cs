using System.Globalization;
using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>The administration of the inbox, available on every node.</summary>
internal sealed class PostgreSqlInboxAdministration(InboxDatabase database, DatabaseClock time) : ICallInboxAdministration
{
    private const int MaxPageSize = 1000;

    private InboxSchema Schema => database.Schema;

    public async ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        var sql = $"""
            SELECT COUNT(*), MIN(received_at), COUNT(*) FILTER (WHERE due_at <= $1),
                   COUNT(*) FILTER (WHERE due_at > $1 AND waits_for = {(int)DeliveryWait.CallerName}), COUNT(*) FILTER (WHERE due_at > $1 AND waits_for = {(int)DeliveryWait.Retry}),
                   (SELECT COUNT(*) FROM {Schema.DeadLetters}), (SELECT COUNT(*) FROM {Schema.Quarantine})
            FROM {Schema.Deliveries}
            """;
        var found = await ListAsync(
            sql,
            static row => new InboxStatistics
            {
                Depth = row.GetInt64(0),
                WaitingSince = row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1),
                Ready = row.GetInt64(2),
                WaitingForCallerName = row.GetInt64(3),
                WaitingForRetry = row.GetInt64(4),
                DeadLetters = row.GetInt64(5),
                Quarantined = row.GetInt64(6),
            },
            cancellationToken,
            Parameter.Of(time.GetUtcNow().ToUniversalTime()));
        return found[0];
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        RequireLimit(limit);
        return await ListAsync(
            $"SELECT id, letter, replay_at IS NOT NULL, event_id, handler, id_instance, id_message FROM {Schema.DeadLetters} WHERE id > $1 ORDER BY id LIMIT $2",
            ReadDeadLetter,
            cancellationToken,
            Parameter.Of(after),
            Parameter.Of((long)limit));
    }

    public ValueTask<int> ReplayDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) => RequestReplayAsync(Schema.DeadLetters, id, cancellationToken);

    public ValueTask<int> PurgeDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) => DeleteAsync(Schema.DeadLetters, id, cancellationToken);

    public async ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        RequireLimit(limit);
        return await ListAsync(
            $"SELECT id, reason, explanation, octet_length(bytes), sha256, id_instance, received_at, replay_at IS NOT NULL FROM {Schema.Quarantine} WHERE id > $1 ORDER BY id LIMIT $2",
            static row => new QuarantineItem
            {
                Id = row.GetInt64(0),
                Reason = row.GetString(1),
                Explanation = row.GetString(2),
                Length = row.GetInt32(3),
                Sha256 = row.GetString(4),
                IdInstance = row.IsDBNull(5) ? null : row.GetInt64(5),
                ReceivedAt = row.GetFieldValue<DateTimeOffset>(6),
                IsReplayRequested = row.GetBoolean(7),
            },
            cancellationToken,
            Parameter.Of(after),
            Parameter.Of((long)limit));
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default)
    {
        var found = await ListAsync($"SELECT bytes FROM {Schema.Quarantine} WHERE id = $1", static row => row.GetFieldValue<byte[]>(0), cancellationToken, Parameter.Of(id));
        return found is [var bytes] ? bytes : default(ReadOnlyMemory<byte>?);
    }

    public ValueTask<int> ReplayQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) => RequestReplayAsync(Schema.Quarantine, id, cancellationToken);

    public ValueTask<int> PurgeQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) => DeleteAsync(Schema.Quarantine, id, cancellationToken);

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPageSize);
    }

    /// <summary>A dead letter that cannot be read is listed with what its row says, so that it can be purged.</summary>
    private static DeadLetter ReadDeadLetter(NpgsqlDataReader row)
    {
        DeadLetterEntry? letter = null;
        try
        {
            letter = InboxJson.ReadDeadLetter(row.GetFieldValue<byte[]>(1));
        }
        catch (JsonException)
        {
            // Shown below.
        }

        return new()
        {
            Id = row.GetInt64(0),
            EventId = row.GetString(3),
            Call = new(row.GetInt64(5), row.GetString(6)),
            Kind = letter?.Event.Kind ?? CallEventKind.Unrecognized,
            Handler = row.GetString(4),
            Attempts = letter?.Attempts ?? 0,
            Error = letter?.Error ?? "The stored dead letter cannot be read. Purge it, or restore its row.",
            OccurredAt = letter?.Event.OccurredAt ?? default,
            FailedAt = letter?.FailedAt ?? default,
            IsReplayRequested = row.GetBoolean(2),
        };
    }

    private ValueTask<int> RequestReplayAsync(string table, long? id, CancellationToken cancellationToken) => ChangeAsync(
        $"UPDATE {table} SET replay_at = $2 WHERE ($1::bigint IS NULL OR id = $1) AND replay_at IS NULL", cancellationToken, Parameter.OfNumber(id), Parameter.Of(time.GetUtcNow().ToUniversalTime()));

    private ValueTask<int> DeleteAsync(string table, long? id, CancellationToken cancellationToken) =>
        ChangeAsync($"DELETE FROM {table} WHERE $1::bigint IS NULL OR id = $1", cancellationToken, Parameter.OfNumber(id));

    private async ValueTask<int> ChangeAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        try
        {
            await using var command = CreateCommand(sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw CreateException(e);
        }
    }

    private async ValueTask<IReadOnlyList<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        try
        {
            List<T> rows = [];
            await using var command = CreateCommand(sql, parameters);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                rows.Add(read(row));
            }

            return rows;
        }
        catch (NpgsqlException e)
        {
            throw CreateException(e);
        }
    }

    private NpgsqlCommand CreateCommand(string sql, NpgsqlParameter[] parameters)
    {
        var command = database.Other.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static CallInboxUnavailableException CreateException(NpgsqlException e) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The database of the inbox cannot be used: {e.Message}"), e);
}
