using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Engine;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace IncomingCalls.PostgreSql.Polling;

/// <summary>
/// Lets one node at a time poll the instances: the one that holds an advisory lock of the database. When its session ends, another node gets the lock; for seconds
/// both may poll, and what both receive is recognised as a duplicate.
/// </summary>
internal sealed class LockedInstanceOwnership(InboxDatabase database, PostgreSqlInboxOptions options, ICallInstances instances, TimeProvider time, ILogger<PostgreSqlInbox> logger) : IInstanceOwnership
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    public async Task RunAsync(IInstanceWorker worker, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(worker);
        try
        {
            while (true)
            {
                await TryOwnAsync(worker, stopping);
                await Task.Delay(CheckInterval, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            await worker.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Polls as long as the lock is held; returns when another node has it, or the connection is lost.</summary>
    private async Task TryOwnAsync(IInstanceWorker worker, CancellationToken stopping)
    {
        try
        {
            await using var connection = await database.Other.OpenConnectionAsync(stopping);
            // In a transaction: the server ends the session of a node that is silent in it, so that a paused or cut-off node does not keep the lock.
            await using var transaction = await connection.BeginTransactionAsync(stopping);
            if (!await TryLockAsync(connection, stopping))
            {
                return;
            }

            logger.PollingStarted();
            try
            {
                await PollWhileLockedAsync(worker, connection, stopping);
            }
            finally
            {
                await worker.SetInstancesAsync([], CancellationToken.None);
            }
        }
        catch (Exception e) when (DatabaseFailure.Matches(e))
        {
            logger.PollingEnded(e.Message);
        }
    }

    private async Task PollWhileLockedAsync(IInstanceWorker worker, NpgsqlConnection connection, CancellationToken stopping)
    {
        while (true)
        {
            // Registered before the list is read, so that a change in between is not missed.
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = instances.Watch().RegisterChangeCallback(static state => ((TaskCompletionSource)state!).TrySetResult(), changed);
            await worker.SetInstancesAsync(instances.Current, stopping);
            while (!changed.Task.IsCompleted)
            {
                await Task.WhenAny(changed.Task, Task.Delay(CheckInterval, time, stopping));
                stopping.ThrowIfCancellationRequested();
                await using var ping = Parameter.Create(connection, "SELECT 1");
                await ping.ExecuteNonQueryAsync(stopping);
            }
        }
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        await using var command = Parameter.Create(connection, "SELECT pg_try_advisory_xact_lock(hashtext($1))", Parameter.Of($"incoming_calls.polling:{options.Schema}"));
        return await command.ExecuteScalarAsync(stopping) is true;
    }
}
