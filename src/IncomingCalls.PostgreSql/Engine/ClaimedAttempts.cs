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
internal sealed class ClaimedAttempts(InboxContext context)
{
    private const string Beginning = "SET TRANSACTION READ WRITE";

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    private readonly DeliveryTable _deliveries = new(context.Database.Schema);
    private readonly StartTable _starts = new(context.Database);
    private readonly DeadLetterTable _deadLetters = new(context.Database.Schema);

    /// <summary>Claims a delivery, runs its handler and settles it.</summary>
    /// <param name="due">The delivery.</param>
    /// <param name="isSignalled">Whether the delivery may start although its time has not come.</param>
    /// <param name="stopping">Cancels the attempt because the host stops; it then does not count.</param>
    /// <returns>A task whose result is the next delivery of the same call and handler; null when there is none to start.</returns>
    public async Task<Successor?> RunAsync(DueDelivery due, bool isSignalled, CancellationToken stopping)
    {
        var pool = due.IsNotifier ? context.Database.Alerts : context.Database.Claims;
        await using var connection = await pool.OpenConnectionAsync(stopping);
        await using var transaction = await connection.BeginTransactionAsync(stopping);
        await BeginWritingAsync(connection, stopping);
        if (await TryClaimAsync(connection, due.Id, isSignalled, stopping) is not { } claimed)
        {
            return null;
        }

        var isInterrupted = !await _starts.TryAddAsync(claimed, context.Time.GetUtcNow(), stopping);
        using var claim = new ClaimTransaction(context.Database.Schema, transaction, claimed.Id);
        var report = isInterrupted ? CreateInterruptedReport(claimed.Attempt) : await RunHandlerAsync(claim, claimed, stopping);
        if (claim.IsBegun && report.Outcome != AttemptOutcome.Succeeded)
        {
            return await SettleApartAsync(connection, claimed, report);
        }

        try
        {
            await claim.EndAsync();
            return await SettleAsync(connection, transaction, claimed, report);
        }
        catch (Exception e) when (claim.IsBegun)
        {
            // A constraint of the handler's tables that is checked at the end, or a transaction that the handler has ended.
            return await SettleApartAsync(connection, claimed, CreateFailedReport(claimed.Attempt, e));
        }
    }

    private static async Task BeginWritingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, Beginning);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static AttemptReport CreateInterruptedReport(DeliveryAttempt attempt) => new()
    {
        Attempt = attempt,
        Outcome = AttemptOutcome.Failed,
        // The first time, at once: most often the node was killed for another reason.
        RetryAfter = attempt.Delivery.Attempts == 0 ? TimeSpan.Zero : null,
        Error = "Interrupted: the process or its connection to the database ended while the handler was running.",
    };

    /// <summary>Without the message, which may quote values of the handler's tables.</summary>
    private static AttemptReport CreateFailedReport(DeliveryAttempt attempt, Exception e) => new()
    {
        Attempt = attempt,
        Outcome = AttemptOutcome.Failed,
        Error = e is PostgresException failure ? $"PostgresException (SQLSTATE {failure.SqlState}) at the end of the transaction of the event"
            : e is InvalidOperationException ? $"InvalidOperationException: {e.Message}"
            : $"{e.GetType().Name} at the end of the transaction of the event",
    };

    private async Task<ClaimedDelivery?> TryClaimAsync(NpgsqlConnection connection, long id, bool isSignalled, CancellationToken cancellationToken)
    {
        try
        {
            return await _deliveries.TryClaimAsync(connection, id, isSignalled, context.Time.GetUtcNow(), cancellationToken);
        }
        catch (Exception e) when (e is JsonException or UnreadableCallException)
        {
            context.Logger.DeliveryUnreadable(id, e.GetType().Name);
            return null;
        }
    }

    private async Task<AttemptReport> RunHandlerAsync(ClaimTransaction claim, ClaimedDelivery claimed, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        context.CurrentClaim.Value = (claim, context.Runner.GetTimeout(claimed.Attempt.Delivery.HandlerName));
        var running = context.Runner.RunAsync(() => claimed.Call, claimed.Attempt, ending.Token).AsTask();
        var lost = await PingWhileAsync(claim, claimed, running, ending);
        try
        {
            return await running;
        }
        catch (OperationCanceledException) when (!lost)
        {
            // The host stops. The attempt does not count.
            await _starts.DeleteAsync(claimed.Id);
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
            catch (NpgsqlException e)
            {
                context.Logger.ClaimLost(claimed.Attempt.Delivery.HandlerName, e);
                await ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            }
        }
    }

    /// <summary>
    /// Settles a failed attempt whose handler took part in the transaction, with another connection. The session is ended first: nothing that the handler has written or
    /// still writes can be committed.
    /// </summary>
    private async Task<Successor?> SettleApartAsync(NpgsqlConnection ended, ClaimedDelivery claimed, AttemptReport report)
    {
        await using var connection = await context.Database.Starts.OpenConnectionAsync();
        await using (var terminate = Parameter.Create(connection, "SELECT pg_terminate_backend($1)", Parameter.Of(ended.ProcessID)))
        {
            await terminate.ExecuteNonQueryAsync();
        }

        await using var transaction = await connection.BeginTransactionAsync();
        return await _deliveries.TryLockAgainAsync(connection, claimed) is { } again
            ? await SettleAsync(connection, transaction, again, new() { Attempt = again.Attempt, Outcome = report.Outcome, RetryAfter = report.RetryAfter, Error = report.Error })
            : null;
    }

    private async Task<Successor?> SettleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimedDelivery claimed, AttemptReport report)
    {
        var transition = context.Transitions.Settle(claimed.Call, report);
        var now = context.Time.GetUtcNow();
        await WriteAsync(connection, claimed, transition);
        var successor = await _deliveries.FindSuccessorAsync(connection, claimed, now);
        await transaction.CommitAsync(CancellationToken.None);
        context.Health.ReportSuccess();
        context.Transitions.ReportCommitted(transition);
        return transition.State.PendingEvents is not [{ Deliveries: [{ } retried] }] ? successor
            : retried.DueAt <= now ? new(new(claimed.Id, retried.HandlerName, claimed.Call.History.Key.IdInstance, retried.IsNotifier), IsDue: true, claimed.Call.History)
            : null;
    }

    private async Task WriteAsync(NpgsqlConnection connection, ClaimedDelivery claimed, StateTransition transition)
    {
        await using var batch = new NpgsqlBatch(connection);
        var changes = transition.State.PendingEvents is [{ } pending] ? _deliveries.Retry(claimed, pending) : _deliveries.Delete(claimed);
        foreach (var command in changes.Append(_starts.Delete(claimed.Id)))
        {
            batch.BatchCommands.Add(command);
        }

        if (transition.DeadLetter is { } letter)
        {
            batch.BatchCommands.Add(_deadLetters.Insert(letter));
        }

        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
