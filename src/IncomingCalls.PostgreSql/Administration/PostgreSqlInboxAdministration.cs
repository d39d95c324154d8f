using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>The administration of the inbox, available on every node and in the command line.</summary>
internal sealed class PostgreSqlInboxAdministration : ICallInboxAdministration
{
    private const int MaxPageSize = 1000;

    private readonly InboxPool _pool;
    private readonly InboxSchema _schema;
    private readonly DatabaseClock _time;
    private readonly FailedItemQuery _failedItems;
    private readonly StoredCallQuery _calls;
    private readonly AdministrationLogTable _log;
    private readonly PauseTable _pauses;
    private readonly ErasureTable _erasures;

    public PostgreSqlInboxAdministration(InboxDatabase database, DatabaseClock time)
    {
        (_pool, _schema, _time) = (database.Other, database.Schema, time);
        _failedItems = new(_schema);
        _calls = new(_schema, _failedItems);
        _log = new(_schema);
        _pauses = new(_schema);
        _erasures = new(_schema);
    }

    public ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        var sql = $"""
            SELECT COUNT(*), MIN(received_at), COUNT(*) FILTER (WHERE due_at <= $1 AND p.handler IS NULL),
                   COUNT(*) FILTER (WHERE due_at > $1 AND waits_for = {(int)DeliveryWait.CallerName}), COUNT(*) FILTER (WHERE due_at > $1 AND waits_for = {(int)DeliveryWait.Retry}),
                   COUNT(*) FILTER (WHERE due_at > $1 AND waits_for = {(int)DeliveryWait.Settle}), COUNT(*) FILTER (WHERE due_at <= $1 AND p.handler IS NOT NULL),
                   (SELECT COUNT(*) FROM {_schema.DeadLetters}), (SELECT COUNT(*) FROM {_schema.Quarantine}),
                   (SELECT COUNT(*) FROM {_schema.Pauses} WHERE is_unavailable OR until > $1)
            FROM {_schema.Deliveries} d LEFT JOIN {_schema.Pauses} p ON p.handler = d.handler AND p.destination = d.destination AND (p.is_unavailable OR p.until > $1)
            """;
        return ExecuteAsync(
            async connection =>
            {
                await using var command = Parameter.Create(connection, sql, Parameter.Of(Now()));
                return (await FailedItemQuery.ReadAsync(command, ReadStatistics, cancellationToken))[0];
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default)
    {
        RequireLimit(limit);
        return ExecuteAsync(connection => _failedItems.FindDeadLettersAsync(connection, filter ?? new(), limit, after, cancellationToken), cancellationToken);
    }

    public ValueTask<int> ReplayDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        RequestReplayAsync(_schema.DeadLetters, AdministrationRequest.Create(AdministrationAction.ReplayDeadLetters, filter, performedBy), FindDeadLetterIdsAsync, cancellationToken);

    public ValueTask<int> PurgeDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(_schema.DeadLetters, AdministrationRequest.Create(AdministrationAction.PurgeDeadLetters, filter, performedBy), FindDeadLetterIdsAsync, cancellationToken);

    public ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default)
    {
        RequireLimit(limit);
        var selected = AdministrationRequest.RequireForQuarantine(filter);
        return ExecuteAsync(connection => _failedItems.FindQuarantinedAsync(connection, selected, limit, after, cancellationToken), cancellationToken);
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default) => ExecuteAsync(
        async connection =>
        {
            await using var command = Parameter.Create(connection, $"SELECT bytes FROM {_schema.Quarantine} WHERE id = $1", Parameter.Of(id));
            return await command.ExecuteScalarAsync(cancellationToken) is byte[] bytes ? bytes : default(ReadOnlyMemory<byte>?);
        },
        cancellationToken);

    public ValueTask<int> ReplayQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        RequestReplayAsync(_schema.Quarantine, AdministrationRequest.Create(AdministrationAction.ReplayQuarantine, filter, performedBy), FindQuarantinedIdsAsync, cancellationToken);

    public ValueTask<int> PurgeQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(_schema.Quarantine, AdministrationRequest.Create(AdministrationAction.PurgeQuarantine, filter, performedBy), FindQuarantinedIdsAsync, cancellationToken);

    public ValueTask<IReadOnlyList<DestinationPause>> ListPausesAsync(CancellationToken cancellationToken = default) => ExecuteAsync(
        async connection =>
        {
            await using var command = Parameter.Create(connection, _pauses.Active, Parameter.Of(Now()));
            return await FailedItemQuery.ReadAsync(command, PauseTable.Read, cancellationToken);
        },
        cancellationToken);

    public ValueTask<int> EndPausesAsync(string? handler = null, string? destination = null, string? performedBy = null, CancellationToken cancellationToken = default) => RecordAsync(
        AdministrationRequest.Create(AdministrationAction.EndPauses, new() { Handler = handler, Destination = destination }, performedBy),
        connection => _pauses.EndAsync(connection, handler, destination, cancellationToken),
        cancellationToken);

    public ValueTask<ErasureReport> EraseCallerAsync(string? account, ChatId caller, string? performedBy = null, CancellationToken cancellationToken = default) =>
        EraseAsync(() => ErasedSubject.ForCaller(account, caller, performedBy, _time.GetUtcNow()), cancellationToken);

    public ValueTask<ErasureReport> EraseInstanceAsync(long idInstance, string? performedBy = null, CancellationToken cancellationToken = default) =>
        EraseAsync(() => ErasedSubject.ForInstance(idInstance, performedBy, _time.GetUtcNow()), cancellationToken);

    public ValueTask<ErasureReport> RepeatErasureAsync(ErasureReport report, CancellationToken cancellationToken = default) => EraseAsync(() => ErasedSubject.ForReport(report), cancellationToken);

    public ValueTask<IReadOnlyList<ErasureReport>> ListErasuresAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        RequireLimit(limit);
        return GuardAsync(() => _erasures.ReadNewestAsync(_pool, limit, cancellationToken));
    }

    public ValueTask<IReadOnlyList<AdministrationLogEntry>> ListAdministrationLogAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        RequireLimit(limit);
        return ExecuteAsync(
            async connection =>
            {
                await using var command = Parameter.Create(connection, _log.Newest, Parameter.Of((long)limit));
                return await FailedItemQuery.ReadAsync(command, AdministrationLogTable.Read, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Finds calls, the newest first. Reads the table until the limit is reached.</summary>
    /// <exception cref="CallInboxUnavailableException">The database cannot be read.</exception>
    internal ValueTask<IReadOnlyList<StoredCall>> FindCallsAsync(StoredCallFilter filter, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return ExecuteAsync(connection => _calls.FindAsync(connection, filter, limit, cancellationToken), cancellationToken);
    }

    private static InboxStatistics ReadStatistics(NpgsqlDataReader row) => new()
    {
        Depth = row.GetInt64(0),
        WaitingSince = row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1),
        Ready = row.GetInt64(2),
        WaitingForCallerName = row.GetInt64(3),
        WaitingForRetry = row.GetInt64(4),
        Settling = row.GetInt64(5),
        Paused = row.GetInt64(6),
        DeadLetters = row.GetInt64(7),
        Quarantined = row.GetInt64(8),
        PausedDestinations = row.GetInt64(9),
    };

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPageSize);
    }

    private DateTimeOffset Now() => _time.GetUtcNow().ToUniversalTime();

    private async Task<long[]> FindDeadLetterIdsAsync(NpgsqlConnection connection, InboxFilter filter, CancellationToken cancellationToken) =>
        [.. (await _failedItems.FindDeadLettersAsync(connection, filter, int.MaxValue, after: 0, cancellationToken)).Select(static letter => letter.Id)];

    private async Task<long[]> FindQuarantinedIdsAsync(NpgsqlConnection connection, InboxFilter filter, CancellationToken cancellationToken) =>
        [.. (await _failedItems.FindQuarantinedAsync(connection, filter, int.MaxValue, after: 0, cancellationToken)).Select(static item => item.Id)];

    /// <summary>Requests the replay of items. A row whose replay is requested already counts and is not written: a node may have locked it to carry the replay out.</summary>
    private ValueTask<int> RequestReplayAsync(string table, AdministrationRequest request, IdQuery find, CancellationToken cancellationToken) => ChangeAsync(
        request,
        find,
        async (connection, ids) =>
        {
            await using var command = Parameter.Create(connection, $"UPDATE {table} SET replay_at = $2 WHERE id = ANY($1) AND replay_at IS NULL", Parameter.Of(ids), Parameter.Of(Now()));
            await command.ExecuteNonQueryAsync(cancellationToken);
            return ids.Length;
        },
        cancellationToken);

    private ValueTask<int> DeleteAsync(string table, AdministrationRequest request, IdQuery find, CancellationToken cancellationToken) => ChangeAsync(
        request,
        find,
        async (connection, ids) =>
        {
            await using var command = Parameter.Create(connection, $"DELETE FROM {table} WHERE id = ANY($1)", Parameter.Of(ids));
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Changes the selected items and records the action.</summary>
    private ValueTask<int> ChangeAsync(AdministrationRequest request, IdQuery find, Func<NpgsqlConnection, long[], Task<int>> change, CancellationToken cancellationToken) =>
        RecordAsync(request, async connection => await change(connection, await find(connection, request.Filter, cancellationToken)), cancellationToken);

    /// <summary>Carries out an action and records it, in one transaction.</summary>
    private ValueTask<int> RecordAsync(AdministrationRequest request, Func<NpgsqlConnection, Task<int>> action, CancellationToken cancellationToken) => ConnectAsync(
        async connection =>
        {
            await using var transaction = await _pool.BeginTransactionAsync(connection, cancellationToken);
            var count = await action(connection);
            if (count > 0)
            {
                await _log.InsertAsync(connection, request.CreateLogEntry(id: 0, Now(), count), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return count;
        },
        cancellationToken);

    private ValueTask<T> ExecuteAsync<T>(Func<NpgsqlConnection, Task<T>> action, CancellationToken cancellationToken) =>
        ConnectAsync(connection => _pool.RunAsync(connection, () => action(connection), cancellationToken), cancellationToken);

    /// <summary>Erases, with the time of the database, by which the nodes have stored when something was received.</summary>
    private ValueTask<ErasureReport> EraseAsync(Func<ErasedSubject> createSubject, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await _time.SynchronizeAsync(_pool, cancellationToken);
        return await new SubjectErasure(_pool, _schema, createSubject(), _time, cancellationToken).RunAsync();
    });

    private ValueTask<T> ConnectAsync<T>(Func<NpgsqlConnection, Task<T>> action, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var connection = await _pool.OpenConnectionAsync(cancellationToken);
        return await action(connection);
    });

    private async ValueTask<T> GuardAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (DatabaseProblem.Matches(e))
        {
            throw new CallInboxUnavailableException(DatabaseProblem.Describe(e, _schema.Name), e);
        }
    }

    private delegate Task<long[]> IdQuery(NpgsqlConnection connection, InboxFilter filter, CancellationToken cancellationToken);
}
