using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Administration;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls;

/// <summary>
/// Administers an inbox file, from the process of the host or from another process, whether the host runs or not: an operator's tool
/// may open the file of a running host. Every action is one transaction; a running host picks it up within a second.
/// </summary>
/// <remarks>Thread-safe. The file is open only while an action runs.</remarks>
/// <param name="path">The path of the inbox file.</param>
/// <param name="time">The clock; null for <see cref="TimeProvider.System"/>.</param>
public sealed class SqliteInboxFile(string path, TimeProvider? time = null) : ICallInboxAdministration
{
    private const int MaxPageSize = 1000;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default) => ExecuteAsync(QueryStatistics, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return ListAsync(
            "SELECT id, letter, replay_at FROM dead_letters WHERE id > ?1 ORDER BY id LIMIT ?2", after, limit, ToDeadLetter, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<int> ReplayDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("UPDATE dead_letters SET replay_at = ?2 WHERE ?1 IS NULL OR id = ?1", cancellationToken, id, Now());

    /// <inheritdoc/>
    public ValueTask<int> PurgeDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("DELETE FROM dead_letters WHERE ?1 IS NULL OR id = ?1", cancellationToken, id);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return ListAsync(
            "SELECT id, reason, explanation, length, sha256, id_instance, received_at, replay_at FROM quarantine WHERE id > ?1 ORDER BY id LIMIT ?2",
            after,
            limit,
            ToQuarantineItem,
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default) => ExecuteAsync<ReadOnlyMemory<byte>?>(
        connection =>
        {
            using var statement = new Statement(connection, "SELECT bytes FROM quarantine WHERE id = ?1");
            using var row = statement.Query(id);
            // A null literal would be converted to an empty ReadOnlyMemory<byte>, as if the item existed.
            return row.Read() ? row.Bytes(0) : default(ReadOnlyMemory<byte>?);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReplayQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("UPDATE quarantine SET replay_at = ?2 WHERE ?1 IS NULL OR id = ?1", cancellationToken, id, Now());

    /// <inheritdoc/>
    public ValueTask<int> PurgeQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("DELETE FROM quarantine WHERE ?1 IS NULL OR id = ?1", cancellationToken, id);

    /// <summary>Finds calls, the newest first. Reads the file until the limit is reached.</summary>
    /// <param name="filter">Which calls to find.</param>
    /// <param name="limit">The maximum number of calls, 1 to 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the calls.</returns>
    /// <exception cref="CallInboxUnavailableException">The file cannot be read.</exception>
    internal ValueTask<IReadOnlyList<StoredCall>> FindCallsAsync(StoredCallFilter filter, int limit, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return ExecuteAsync(connection => StoredCallQuery.Run(connection, filter, limit), cancellationToken);
    }

    internal InboxStatistics ReadStatistics()
    {
        using var connection = InboxFile.OpenForAdministration(path);
        return QueryStatistics(connection);
    }

    private static void ValidateLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPageSize);
    }

    private InboxStatistics QueryStatistics(SqliteConnection connection)
    {
        using var statement = new Statement(
            connection,
            """
            SELECT COALESCE(SUM(deliveries), 0),
                   MIN(CASE WHEN deliveries > 0 THEN received_at END),
                   COALESCE(SUM(CASE WHEN due_at <= ?1 THEN deliveries END), 0),
                   COALESCE(SUM(CASE WHEN due_at > ?1 AND waits_for = ?2 THEN deliveries END), 0),
                   COALESCE(SUM(CASE WHEN due_at > ?1 AND waits_for = ?3 THEN deliveries END), 0),
                   (SELECT COUNT(*) FROM dead_letters),
                   (SELECT COUNT(*) FROM quarantine)
            FROM lanes
            """);
        using var row = statement.Query(Now(), (long)DeliveryWait.CallerName, (long)DeliveryWait.Retry);
        row.Read();
        return new()
        {
            Depth = row.Number(0),
            WaitingSince = Time(row, 1),
            Ready = row.Number(2),
            WaitingForCallerName = row.Number(3),
            WaitingForRetry = row.Number(4),
            DeadLetters = row.Number(5),
            Quarantined = row.Number(6),
        };
    }

    /// <summary>Reads a row with the columns id, letter and replay_at.</summary>
    internal static DeadLetter ToDeadLetter(StatementRows row)
    {
        var letter = DeadLetterTable.Read(row.Bytes(1));
        return new()
        {
            Id = row.Number(0),
            EventId = letter.Event.Id,
            Call = letter.Event.Call,
            Kind = letter.Event.Kind,
            Handler = letter.Handler,
            Attempts = letter.Attempts,
            Error = letter.Error,
            OccurredAt = letter.Event.OccurredAt,
            FailedAt = letter.FailedAt,
            IsReplayRequested = !row.IsNull(2),
        };
    }

    private static QuarantineItem ToQuarantineItem(StatementRows row) => new()
    {
        Id = row.Number(0),
        Reason = row.Text(1),
        Explanation = row.Text(2),
        Length = (int)row.Number(3),
        Sha256 = row.Text(4),
        IdInstance = row.IsNull(5) ? null : row.Number(5),
        ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(6)),
        IsReplayRequested = !row.IsNull(7),
    };

    private string CreateMessage(Exception failure) => failure switch
    {
        SqliteException e when InboxFile.IndicatesDamage(e) => InboxFile.DescribeDamage(path, e),
        // SQLite's integrity checks do not cover the JSON inside a row.
        JsonException => InboxFile.DamageMessage(path, "The database is intact, but the JSON of a row cannot be read."),
        SqliteException => $"The inbox file {path} cannot be used: {failure.Message}",
        _ => failure.Message,
    };

    private static DateTimeOffset? Time(StatementRows row, int column) =>
        row.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Number(column));

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private ValueTask<int> ChangeAsync(string sql, CancellationToken cancellationToken, params StatementValue[] values) => ExecuteAsync(
        connection =>
        {
            using var statement = new Statement(connection, sql);
            return statement.Execute(values);
        },
        cancellationToken);

    private ValueTask<IReadOnlyList<T>> ListAsync<T>(string sql, long after, int limit, Func<StatementRows, T> read, CancellationToken cancellationToken) =>
        ExecuteAsync<IReadOnlyList<T>>(
            connection =>
            {
                List<T> page = [];
                using var statement = new Statement(connection, sql);
                using var rows = statement.Query(after, limit);
                while (rows.Read())
                {
                    page.Add(read(rows));
                }

                return page;
            },
            cancellationToken);

    /// <summary>Runs an action on the thread pool: SQLite blocks its thread, which must not be that of the caller.</summary>
    private async ValueTask<T> ExecuteAsync<T>(Func<SqliteConnection, T> action, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(
                () =>
                {
                    using var connection = InboxFile.OpenForAdministration(path);
                    return action(connection);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException or JsonException)
        {
            throw new CallInboxUnavailableException(CreateMessage(e), e);
        }
    }
}
