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
    public ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return ExecuteAsync<IReadOnlyList<DeadLetter>>(connection => [.. FailedItemQuery.FindDeadLetters(connection, filter ?? new(), after).Take(limit)], cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<int> ReplayDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        RequestReplayAsync("dead_letters", AdministrationRequest.Create(AdministrationAction.ReplayDeadLetters, filter, performedBy), FailedItemQuery.FindDeadLetterIds, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        DeleteAsync("dead_letters", AdministrationRequest.Create(AdministrationAction.PurgeDeadLetters, filter, performedBy), FailedItemQuery.FindDeadLetterIds, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        var selected = AdministrationRequest.RequireForQuarantine(filter);
        return ExecuteAsync<IReadOnlyList<QuarantineItem>>(connection => [.. FailedItemQuery.FindQuarantined(connection, selected, after).Take(limit)], cancellationToken);
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
    public ValueTask<int> ReplayQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        RequestReplayAsync("quarantine", AdministrationRequest.Create(AdministrationAction.ReplayQuarantine, filter, performedBy), FindQuarantinedIds, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        DeleteAsync("quarantine", AdministrationRequest.Create(AdministrationAction.PurgeQuarantine, filter, performedBy), FindQuarantinedIds, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DestinationPause>> ListPausesAsync(CancellationToken cancellationToken = default) => ExecuteAsync<IReadOnlyList<DestinationPause>>(
        connection =>
        {
            using var table = new PauseTable(connection);
            return [.. table.ReadAll().Where(pause => pause.IsUnavailable || pause.Until > _time.GetUtcNow())];
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> EndPausesAsync(string? handler = null, string? destination = null, string? performedBy = null, CancellationToken cancellationToken = default) => RecordAsync(
        AdministrationRequest.Create(AdministrationAction.EndPauses, new() { Handler = handler, Destination = destination }, performedBy),
        connection =>
        {
            using var table = new PauseTable(connection);
            return table.Delete(handler, destination);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ErasureReport> EraseCallerAsync(string? account, ChatId caller, string? performedBy = null, CancellationToken cancellationToken = default) =>
        EraseAsync(ErasedSubject.ForCaller(account, caller, performedBy, _time.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ErasureReport> EraseInstanceAsync(long idInstance, string? performedBy = null, CancellationToken cancellationToken = default) =>
        EraseAsync(ErasedSubject.ForInstance(idInstance, performedBy, _time.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ErasureReport> RepeatErasureAsync(ErasureReport report, CancellationToken cancellationToken = default) => EraseAsync(ErasedSubject.ForReport(report), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ErasureReport>> ListErasuresAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return ExecuteAsync(connection => InboxSchema.HasTable(connection, "erasures") ? ErasureTable.ReadNewest(connection, limit) : [], cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AdministrationLogEntry>> ListAdministrationLogAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return ExecuteAsync(connection => InboxSchema.HasTable(connection, "administration_log") ? AdministrationLogTable.Read(connection, limit) : [], cancellationToken);
    }

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

    /// <summary>Reads persons.</summary>
    /// <param name="read">Reads the table, with the current time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is that of <paramref name="read"/>.</returns>
    /// <exception cref="CallInboxUnavailableException">The file cannot be read.</exception>
    internal ValueTask<T> ReadPersonsAsync<T>(Func<PersonTable, DateTimeOffset, T> read, CancellationToken cancellationToken) => ExecuteAsync(
        connection =>
        {
            using var persons = new PersonTable(connection);
            return read(persons, _time.GetUtcNow());
        },
        cancellationToken);

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
                   COALESCE(SUM(CASE WHEN due_at <= ?1 AND p.handler IS NULL THEN deliveries END), 0),
                   COALESCE(SUM(CASE WHEN due_at > ?1 AND waits_for = ?2 THEN deliveries END), 0),
                   COALESCE(SUM(CASE WHEN due_at > ?1 AND waits_for = ?3 THEN deliveries END), 0),
                   COALESCE(SUM(CASE WHEN due_at > ?1 AND waits_for = ?4 THEN deliveries END), 0),
                   COALESCE(SUM(CASE WHEN due_at <= ?1 AND p.handler IS NOT NULL THEN deliveries END), 0),
                   (SELECT COUNT(*) FROM dead_letters),
                   (SELECT COUNT(*) FROM quarantine),
                   (SELECT COUNT(*) FROM pauses WHERE is_unavailable <> 0 OR until > ?1)
            FROM lanes l LEFT JOIN pauses p ON p.handler = l.handler AND p.destination = l.destination AND (p.is_unavailable <> 0 OR p.until > ?1)
            """);
        using var row = statement.Query(Now(), (long)DeliveryWait.CallerName, (long)DeliveryWait.Retry, (long)DeliveryWait.Settle);
        row.Read();
        return new()
        {
            Depth = row.Number(0),
            WaitingSince = Time(row, 1),
            Ready = row.Number(2),
            WaitingForCallerName = row.Number(3),
            WaitingForRetry = row.Number(4),
            Settling = row.Number(5),
            Paused = row.Number(6),
            DeadLetters = row.Number(7),
            Quarantined = row.Number(8),
            PausedDestinations = row.Number(9),
        };
    }

    private static IEnumerable<long> FindQuarantinedIds(SqliteConnection connection, InboxFilter filter) => FailedItemQuery.FindQuarantined(connection, filter).Select(static item => item.Id);

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

    private ValueTask<int> RequestReplayAsync(
        string table, AdministrationRequest request, Func<SqliteConnection, InboxFilter, IEnumerable<long>> select, CancellationToken cancellationToken) =>
        ChangeAsync($"UPDATE {table} SET replay_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))", request, select, [Now()], cancellationToken);

    private ValueTask<int> DeleteAsync(
        string table, AdministrationRequest request, Func<SqliteConnection, InboxFilter, IEnumerable<long>> select, CancellationToken cancellationToken) =>
        ChangeAsync($"DELETE FROM {table} WHERE id IN (SELECT value FROM json_each(?1))", request, select, [], cancellationToken);

    /// <summary>Changes the selected items and records the action.</summary>
    private ValueTask<int> ChangeAsync(
        string sql, AdministrationRequest request, Func<SqliteConnection, InboxFilter, IEnumerable<long>> select, StatementValue[] values, CancellationToken cancellationToken) =>
        RecordAsync(
            request,
            connection =>
            {
                using var statement = new Statement(connection, sql);
                return statement.Execute([$"[{string.Join(',', select(connection, request.Filter))}]", .. values]);
            },
            cancellationToken);

    /// <summary>Carries out an action and records it, in one transaction.</summary>
    private ValueTask<int> RecordAsync(AdministrationRequest request, Func<SqliteConnection, int> action, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection =>
            {
                InboxSchema.Execute(connection, "BEGIN IMMEDIATE");
                var count = action(connection);
                if (count > 0)
                {
                    InboxSchema.CreateAdministrationLog(connection);
                    AdministrationLogTable.Insert(connection, request.CreateLogEntry(id: 0, _time.GetUtcNow(), count));
                }

                InboxSchema.Execute(connection, "COMMIT");
                return count;
            },
            cancellationToken);

    private ValueTask<ErasureReport> EraseAsync(ErasedSubject subject, CancellationToken cancellationToken) =>
        ExecuteAsync(connection => new SubjectErasure(connection, subject).Run(), cancellationToken);

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
