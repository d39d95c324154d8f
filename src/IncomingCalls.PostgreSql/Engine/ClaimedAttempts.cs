using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using IncomingCalls.PostgreSql.Transactions;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Runs attempts. An attempt is a transaction: the row of the delivery is locked while the handler runs, and the result is written in the same transaction. A
/// node that dies loses its session, and with it the claim.
/// </summary>
/// <param name="context">The dependencies.</param>
/// <param name="closeLane">Called with a lane, or with all lanes of a handler, and the time before which they have no further permit.</param>
internal sealed class ClaimedAttempts(InboxContext context, Action<LaneGroup, DateTimeOffset> closeLane)
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often, and after which delay, an attempt is repeated that the database has ended because of a conflict with another transaction.</summary>
    private const int MaxConflicts = 3;

    private static readonly TimeSpan ConflictDelay = TimeSpan.FromMilliseconds(100);

    private readonly DeliveryTable _deliveries = new(context.Database.Schema);
    private readonly StartTable _starts = new(context.Database);
    private readonly PermitTable _permits = new(context.Database);
    private readonly AttemptSettlement _settlement = new(context);
    private readonly DamagedDeliveries _damaged = new(context);

    /// <summary>Claims a delivery, runs its handler and settles it.</summary>
    /// <param name="due">The delivery.</param>
    /// <param name="isSignalled">Whether the delivery may start although its time has not come.</param>
    /// <param name="isProbe">Whether the attempt may run although its destination is unavailable.</param>
    /// <param name="draining">Cancels the attempt if its handler has not started yet.</param>
    /// <param name="forceStop">Cancels the attempt because the host stops; it then does not count.</param>
    /// <returns>A task whose result is how the attempt has ended.</returns>
    public async Task<AttemptEnd> RunAsync(DueDelivery due, bool isSignalled, bool isProbe, CancellationToken draining, CancellationToken forceStop)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var end = await RunOnceAsync(due, isSignalled, isProbe, mayRepeat: conflicts < MaxConflicts, draining, forceStop);
            if (!end.IsConflict)
            {
                return end;
            }

            await Task.Delay(ConflictDelay, context.Time, draining);
        }
    }

    private async Task<AttemptEnd> RunOnceAsync(DueDelivery due, bool isSignalled, bool isProbe, bool mayRepeat, CancellationToken draining, CancellationToken forceStop)
    {
        var pool = due.IsNotifier ? context.Database.Alerts : context.Database.Claims;
        await using var connection = await pool.OpenConnectionAsync(draining);
        // It is not disposed of: Npgsql gives a transaction that was disposed of to the next user of the session, where a handler that still has it would write. What
        // is not committed is rolled back when the connection is closed.
        var transaction = await connection.BeginTransactionAsync(draining);
        if (await TryClaimAsync(pool, connection, transaction, due, isSignalled, isProbe, draining) is not { } claimed)
        {
            return default;
        }

        if (!await TryTakePermitAsync(due.Lane, claimed.Attempt.Delivery, draining))
        {
            return new(IsClaimed: false, Next: null, IsHeldBack: true);
        }

        using var claim = new ClaimTransaction(context.Database.Schema, transaction, claimed.Id, claimed.TransactionId);
        try
        {
            return await RunClaimedAsync(pool, connection, claim, claimed, mayRepeat, draining, forceStop);
        }
        catch when (claim.IsBegun)
        {
            // Nothing that the handler has left in the session may reach another attempt: the session is closed instead of returned to the pool.
            pool.Clear();
            throw;
        }
    }

    private async Task<AttemptEnd> RunClaimedAsync(
        InboxPool pool, NpgsqlConnection connection, ClaimTransaction claim, ClaimedDelivery claimed, bool mayRepeat, CancellationToken draining, CancellationToken forceStop)
    {
        // Not cancelled by the drain: it would not be known whether the start was recorded.
        if (!await _starts.TryAddAsync(claimed, context.Time.GetUtcNow(), forceStop))
        {
            return new(IsClaimed: true, Next: await _starts.FindReportAsync(claimed, forceStop) is { } earlier
                ? await _settlement.SettleAsync(connection, claimed, earlier)
                : await _settlement.SettleInterruptedAsync(connection, claimed));
        }

        var report = await RunHandlerAsync(claim, claimed, draining, forceStop);
        var isBegun = await claim.StopAsync();
        if (isBegun && report.Outcome != AttemptOutcome.Succeeded)
        {
            return await GiveUpAsync(pool, connection, claim, claimed, report, mayRepeat);
        }

        Successor? successor;
        try
        {
            await claim.EndAsync();
            successor = await _settlement.SettleAsync(connection, claimed, report);
        }
        catch (Exception e) when (isBegun)
        {
            // A constraint of the handler's tables that is checked at the end, or a transaction that the handler has ended.
            var failure = CreateFailedReport(claimed, e);
            if (DatabaseFailure.IsSessionLost(e))
            {
                context.Logger.ClaimLost(claimed.Attempt.Delivery.HandlerName, e);
            }
            else if (!DatabaseFailure.IsConflict(e))
            {
                context.Logger.TransactionNotCommitted(claimed.Attempt.Delivery.HandlerName, claimed.Attempt.PendingEvent.Event.Id, failure.Error!);
            }

            return await GiveUpAsync(pool, connection, claim, claimed, failure, mayRepeat);
        }

        if (isBegun && !pool.IsShared)
        {
            await ClaimTransaction.ResetSessionAsync(connection);
        }

        return new(IsClaimed: true, successor);
    }

    /// <summary>Gives up the transaction of an attempt in which its handler took part: nothing that the handler has written or still writes can be committed.</summary>
    private async Task<AttemptEnd> GiveUpAsync(
        InboxPool pool, NpgsqlConnection connection, ClaimTransaction claim, ClaimedDelivery claimed, AttemptReport report, bool mayRepeat)
    {
        // First, since another node may claim the delivery as soon as the session has ended.
        var isConflict = mayRepeat && DatabaseFailure.IsConflict(report.Exception);
        await (isConflict ? _starts.DeleteAsync(claimed) : _starts.ReportAsync(claimed, report));
        await using (var other = await context.Database.Starts.OpenConnectionAsync())
        {
            await claim.EndSessionAsync(other, pool.IsShared);
        }

        await CloseEndedAsync(connection);
        return isConflict ? new(IsClaimed: true, Next: null, IsConflict: true) : new(IsClaimed: true, await _settlement.SettleApartAsync(claimed, report));
    }

    private static async Task CloseEndedAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.CloseAsync();
        }
        catch (NpgsqlException)
        {
            // Its session has ended.
        }
    }

    /// <summary>Without the message, which may quote values of the handler's tables.</summary>
    private static AttemptReport CreateFailedReport(ClaimedDelivery claimed, Exception e) => new()
    {
        Attempt = claimed.Attempt,
        IsProbe = claimed.IsProbe,
        Outcome = AttemptOutcome.Failed,
        Error = e is PostgresException failure ? $"PostgresException (SQLSTATE {failure.SqlState}) at the end of the transaction of the event"
            : e is InvalidOperationException ? $"InvalidOperationException: {e.Message}"
            : $"{e.GetType().Name} at the end of the transaction of the event",
        Exception = e,
    };

    private async Task<ClaimedDelivery?> TryClaimAsync(InboxPool pool, NpgsqlConnection connection, NpgsqlTransaction transaction, DueDelivery due, bool isSignalled, bool isProbe, CancellationToken cancellationToken)
    {
        try
        {
            return await _deliveries.TryClaimAsync(pool, connection, due.Id, isSignalled, isProbe, context.Time.GetUtcNow(), cancellationToken);
        }
        catch (Exception e) when (e is JsonException or UnreadableCallException)
        {
            await _damaged.RemoveAsync(connection, transaction, due, e);
            return null;
        }
    }

    /// <summary>Takes a permit of the rate limit of the handler, if it has one, and closes the lane until the next one is free.</summary>
    private async ValueTask<bool> TryTakePermitAsync(LaneGroup lane, Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.IsNotifier || context.Transitions.GetRateLimit(delivery.HandlerName) is not { } limit)
        {
            return true;
        }

        var permit = await _permits.TryTakeAsync(delivery.HandlerName, delivery.RatePartition ?? delivery.Destination ?? "", limit, context.Time.GetUtcNow(), cancellationToken);
        closeLane(limit.Partition is null ? DeliveryScheduler.AllLanesOf(delivery.HandlerName) : lane, permit.NextAt);
        return permit.IsTaken;
    }

    private async Task<AttemptReport> RunHandlerAsync(ClaimTransaction claim, ClaimedDelivery claimed, CancellationToken draining, CancellationToken forceStop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(forceStop);
        context.CurrentClaim.Value = (claim, context.Runner.GetTimeout(claimed.Attempt.Delivery.HandlerName));
        // On another thread: a handler may block before it returns its task, and the session is pinged all the same. Once the drain has begun, it does not start.
        var running = Task.Run(() => context.Runner.RunAsync(() => claimed.Call, claimed.Attempt, ending.Token).AsTask(), draining);
        var lost = await PingWhileAsync(claim, claimed, running, ending);
        try
        {
            var report = await running;
            return lost ? throw new OperationCanceledException("The connection of the claim was lost.") : report with { IsProbe = claimed.IsProbe };
        }
        catch (OperationCanceledException) when (!lost)
        {
            // The host stops. The attempt does not count.
            await _starts.DeleteAsync(claimed);
            throw;
        }
    }

    /// <summary>Pings the server until the handler has ended; returns whether the connection was lost, which cancels the attempt.</summary>
    private async Task<bool> PingWhileAsync(ClaimTransaction claim, ClaimedDelivery claimed, Task running, CancellationTokenSource ending)
    {
        using var timer = new PeriodicTimer(PingInterval, context.Time);
        while (true)
        {
            var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            if (await Task.WhenAny(running, tick) == running)
            {
                return false;
            }

            try
            {
                await claim.PingAsync();
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                context.Logger.ClaimLost(claimed.Attempt.Delivery.HandlerName, e);
                await ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            }
        }
    }
}

/// <summary>How an attempt has ended.</summary>
/// <param name="IsClaimed">Whether this node has claimed the delivery.</param>
/// <param name="Next">The next delivery of the same call and handler; null when there is none to start.</param>
/// <param name="IsConflict">Whether the database has ended the transaction because of another one, so that the attempt is repeated.</param>
/// <param name="IsHeldBack">Whether there was no permit, so that the delivery waits on this node until the next one is free.</param>
internal readonly record struct AttemptEnd(bool IsClaimed, Successor? Next, bool IsConflict = false, bool IsHeldBack = false);
