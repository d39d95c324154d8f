using System.Text.Json;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Work that any node does from time to time: it records its handlers, deletes what is older than the retention, makes dead letters of deliveries whose handler no
/// node has, and reads what other nodes have received. Several nodes may do it at once.
/// </summary>
internal sealed class Maintenance(InboxContext context, InstanceReceipts receipts, CallerNameStore names) : IDisposable
{
    private const int PageSize = 1_000;

    /// <summary>A handler that a node has shown within this time exists: nodes show their handlers once a minute.</summary>
    private static readonly TimeSpan RecentlyShown = TimeSpan.FromHours(1);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly DeadLetterTable _deadLetters = new(context.Database.Schema);
    private readonly QuarantineTable _quarantine = new(context.Database.Schema);
    private readonly HandlerTable _handlers = new(context.Database.Schema);
    private readonly PauseTable _pauses = new(context.Database.Schema);
    private readonly PermitTable _permits = new(context.Database);
    private readonly HandlerValueTable _values = new(context.Database.Schema);
    private readonly PersonTable _persons = new(context.Database.Schema);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync();

    /// <summary>Records that this node has its handlers, and logs which of the other nodes it lacks.</summary>
    public async Task RecordHandlersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await context.Database.Other.OpenConnectionAsync(cancellationToken);
        await context.Database.Other.RunAsync(
            connection,
            async () =>
            {
                var now = context.Time.GetUtcNow();
                string[] own = [.. context.Runner.HandlerNames];
                await _handlers.RecordAsync(connection, own, now, cancellationToken);
                foreach (var handler in await _handlers.FindOthersAsync(connection, own, now - RecentlyShown, cancellationToken))
                {
                    context.Logger.HandlerOnOtherNodes(handler);
                }

                return 0;
            },
            cancellationToken);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, context.Time);
        do
        {
            try
            {
                await RunOnceAsync(_stopping.Token);
                await names.DeleteExpiredAsync(_stopping.Token);
                await receipts.ReadAsync(_stopping.Token);
            }
            catch (Exception e) when (DatabaseFailure.Matches(e))
            {
                context.Health.ReportFailure(e);
            }
            catch (Exception e) when (e is not OperationCanceledException || !_stopping.IsCancellationRequested)
            {
                context.Logger.BackgroundTaskFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(_stopping.Token));
    }

    private async Task RunOnceAsync(CancellationToken stopping)
    {
        var pool = context.Database.Other;
        await using var connection = await pool.OpenConnectionAsync(stopping);
        var now = context.Time.GetUtcNow();
        string[] own = [.. context.Runner.HandlerNames];
        await pool.RunAsync(connection, () => _handlers.RecordAsync(connection, own, now, stopping), stopping);
        foreach (var handler in await _handlers.FindMissingAsync(connection, own, now - context.Options.MissingHandlerTimeout, stopping))
        {
            var count = await DeadLetterAsync(connection, () => _handlers.TakeDeliveriesAsync(connection, handler, PageSize, now, stopping), stopping);
            if (count > 0)
            {
                context.Logger.HandlerMissing(handler, context.Options.MissingHandlerTimeout, count);
            }
        }

        await DeadLetterExpiredAsync(connection, own, now, stopping);
        await TrimFailedItemsAsync(connection, now, stopping);
        await DeleteFinishedCallsAsync(connection, now - context.Options.Retention, stopping);
        await _values.DeleteExpiredAsync(context.Database.Other, now, stopping);
        await _persons.DeleteExpiredAsync(pool, connection, now, stopping);
        await pool.RunAsync(connection, () => _pauses.DeleteEndedAsync(connection, now, stopping), stopping);
        await pool.RunAsync(connection, () => _permits.DeleteIdleAsync(connection, now, stopping), stopping);
    }

    /// <summary>Deletes dead letters and quarantined notifications that are too old or too many.</summary>
    private async Task TrimFailedItemsAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken stopping)
    {
        var (pool, options) = (context.Database.Other, context.Options);
        var letters = await pool.RunAsync(connection, () => _deadLetters.DeleteOldAsync(connection, now - options.DeadLetterRetention, stopping), stopping);
        var items = await pool.RunAsync(connection, () => _quarantine.DeleteOldAsync(connection, now - options.QuarantineRetention, stopping), stopping);
        if (letters + items > 0)
        {
            context.Logger.FailedItemsExpired(letters, options.DeadLetterRetention.TotalDays, items, options.QuarantineRetention.TotalDays);
        }

        if (await pool.RunAsync(connection, () => _deadLetters.TrimAsync(connection, options.MaxDeadLetters, stopping), stopping) is > 0 and var tooMany)
        {
            context.Logger.DeadLettersDropped(tooMany, options.MaxDeadLetters);
        }

        if (await pool.RunAsync(connection, () => _quarantine.TrimAsync(connection, options.MaxQuarantineItems, stopping), stopping) is > 0 and var tooManyItems)
        {
            context.Logger.QuarantineDropped(tooManyItems, options.MaxQuarantineItems);
        }
    }

    /// <summary>Makes dead letters of the deliveries that have waited for an unavailable destination for longer than the options of their handler allow. While a probe is due, it may be available again.</summary>
    private async Task DeadLetterExpiredAsync(NpgsqlConnection connection, string[] own, DateTimeOffset now, CancellationToken stopping)
    {
        foreach (var pause in await context.Database.Other.QueryAsync(_pauses.Active, PauseTable.Read, stopping, Parameter.Of(now.ToUniversalTime())))
        {
            var cutoff = now - context.Transitions.GetMaxPause(pause.Handler);
            if (!pause.IsUnavailable || pause.Until <= now || pause.Since > cutoff || !own.Contains(pause.Handler))
            {
                continue;
            }

            var count = await DeadLetterAsync(connection, () => _handlers.TakeExpiredAsync(connection, pause, cutoff, PageSize, now, stopping), stopping);
            if (count > 0)
            {
                context.Logger.DestinationOutlasted(pause.Destination, pause.Since, count, pause.Handler);
            }
        }
    }

    /// <summary>Makes dead letters of deliveries that are taken away, in one transaction; returns how many. Events that cannot be read are quarantined.</summary>
    private async Task<int> DeadLetterAsync(NpgsqlConnection connection, Func<Task<TakenDeliveries>> take, CancellationToken stopping)
    {
        await using var transaction = await context.Database.Other.BeginTransactionAsync(connection, stopping);
        var taken = await take();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in taken.Letters.Select(letter => _deadLetters.Insert(context.Transitions.WithAccount(letter))).Concat(taken.Unreadable.Select(unreadable => _quarantine.Insert(unreadable.Item))))
        {
            batch.BatchCommands.Add(command);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(stopping);
        }

        await transaction.CommitAsync(CancellationToken.None);
        taken.Letters.ForEach(context.Transitions.ReportCommitted);
        taken.Unreadable.ForEach(unreadable => context.Logger.DeliveryUnreadable(unreadable.Handler, unreadable.Id, nameof(JsonException)));
        return taken.Letters.Count;
    }

    /// <summary>Deletes finished calls in small batches, so that no transaction of accepting waits for long.</summary>
    private async Task DeleteFinishedCallsAsync(NpgsqlConnection connection, DateTimeOffset cutoff, CancellationToken stopping)
    {
        var schema = context.Database.Schema;
        var sql = $"""
            DELETE FROM {schema.Calls} WHERE touched_at < $1 AND outcome_due_at IS NULL AND id IN (
                SELECT c.id FROM {schema.Calls} c WHERE c.touched_at < $1 AND c.outcome_due_at IS NULL
                  AND NOT EXISTS (SELECT 1 FROM {schema.Deliveries} d WHERE d.call_id = c.id)
                  AND NOT EXISTS (SELECT 1 FROM {schema.DeadLetters} l WHERE l.id_instance = c.id_instance AND l.id_message = c.id_message)
                ORDER BY c.touched_at LIMIT {PageSize} FOR UPDATE SKIP LOCKED)
            """;
        int deleted;
        do
        {
            await using var command = Parameter.Create(connection, sql, Parameter.Of(cutoff.ToUniversalTime()));
            deleted = await context.Database.Other.RunAsync(connection, () => command.ExecuteNonQueryAsync(stopping), stopping);
        }
        while (deleted == PageSize);
    }
}
