using IncomingCalls.Inbox;
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

    /// <summary>A pooler or a DBA may limit how long a transaction lasts, so the lock is taken again in a new one. Idle, the transaction holds back no VACUUM.</summary>
    private static readonly TimeSpan MaxTransactionDuration = TimeSpan.FromMinutes(10);

    /// <summary>Whether this node has the lock and an instance to poll, as the log says. The lock is held without an instance too: one can be added at any time.</summary>
    private bool _isPolling;

    private volatile bool _isRunning;
    private volatile bool _isOwner;

    /// <summary>Whether another node may have the lock. A node that has no pollers does not know.</summary>
    public bool IsElsewhere => _isRunning && !_isOwner;

    public async Task RunAsync(IInstanceWorker worker, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(worker);
        _isRunning = true;
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
            await using var connection = await database.Polling.OpenConnectionAsync(stopping);
            while (true)
            {
                // In a transaction: the server ends the session of a node that is silent in it, so that a paused or cut-off node does not keep the lock.
                await using var transaction = await database.Polling.BeginTransactionAsync(connection, stopping);
                if (!await TryLockAsync(connection, stopping))
                {
                    RecordPollingEnded("another node has taken over.");
                    return;
                }

                _isOwner = true;
                await PollWhileLockedAsync(worker, connection, stopping);
                await transaction.CommitAsync(stopping);
            }
        }
        catch (Exception e) when (DatabaseFailure.Matches(e))
        {
            RecordPollingEnded(DatabaseFailure.Describe(e));
        }
        finally
        {
            if (_isOwner)
            {
                _isOwner = false;
                await worker.SetInstancesAsync([], CancellationToken.None);
            }
        }
    }

    /// <summary>Polls until the lock has to be taken again.</summary>
    private async Task PollWhileLockedAsync(IInstanceWorker worker, NpgsqlConnection connection, CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < MaxTransactionDuration)
        {
            // Registered before the list is read, so that a change in between is not missed.
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = instances.Watch().RegisterChangeCallback(static state => ((TaskCompletionSource)state!).TrySetResult(), changed);
            var current = instances.Current;
            RecordInstances(worker, current);
            await worker.SetInstancesAsync(current, stopping);
            while (!changed.Task.IsCompleted && time.GetElapsedTime(started) < MaxTransactionDuration)
            {
                await Task.WhenAny(changed.Task, Task.Delay(CheckInterval, time, stopping));
                stopping.ThrowIfCancellationRequested();
                await InboxPool.PingAsync(connection, stopping);
            }
        }
    }

    private void RecordInstances(IInstanceWorker worker, IReadOnlyCollection<CallInstance> owned)
    {
        if (!owned.Any(worker.HasWork))
        {
            RecordPollingEnded("there is no instance to poll.");
        }
        else if (!_isPolling)
        {
            _isPolling = true;
            logger.PollingStarted();
        }
    }

    private void RecordPollingEnded(string reason)
    {
        if (_isPolling)
        {
            _isPolling = false;
            logger.PollingEnded(reason);
        }
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        await using var command = Parameter.Create(connection, "SELECT pg_try_advisory_xact_lock(hashtext($1))", Parameter.Of($"incoming_calls.polling:{options.Schema}"));
        return await command.ExecuteScalarAsync(stopping) is true;
    }
}
