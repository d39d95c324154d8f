using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Writes the results of attempts.</summary>
internal sealed class AttemptSettlement(InboxContext context)
{
    private readonly DeliveryTable _deliveries = new(context.Database.Schema);
    private readonly StartTable _starts = new(context.Database);
    private readonly DeadLetterTable _deadLetters = new(context.Database.Schema);
    private readonly PauseTable _pauses = new(context.Database.Schema);

    /// <summary>Settles an attempt in the transaction of its claim, and commits it.</summary>
    /// <returns>A task whose result is the next delivery of the same call and handler; null when there is none to start.</returns>
    public Task<Successor?> SettleAsync(NpgsqlConnection connection, ClaimedDelivery claimed, AttemptReport report) =>
        SettleAsync(connection, claimed, report, earliestRetry: DateTimeOffset.MinValue);

    /// <summary>
    /// Settles an attempt that has started and was not settled: its process or its session has ended. The first time it is repeated at once, since most often the node
    /// was killed for another reason. Later it waits, so that a handler that ends its process does not end one node after another. It says nothing about its destination, and is not
    /// reported as a probe: a pause lasts, and its probe is still due.
    /// </summary>
    public Task<Successor?> SettleInterruptedAsync(NpgsqlConnection connection, ClaimedDelivery claimed)
    {
        var isFirst = claimed.Attempt.Delivery.Attempts == 0;
        var report = new AttemptReport
        {
            Attempt = claimed.Attempt,
            Outcome = AttemptOutcome.Failed,
            RetryAfter = isFirst ? TimeSpan.Zero : null,
            Error = "Interrupted: the process or its connection to the database ended while the handler was running.",
        };
        return SettleAsync(connection, claimed, report, isFirst ? DateTimeOffset.MinValue : context.Time.GetUtcNow() + context.Options.InterruptedRetryDelay);
    }

    /// <summary>Settles an attempt whose transaction was given up, with another connection.</summary>
    public async Task<Successor?> SettleApartAsync(ClaimedDelivery claimed, AttemptReport report)
    {
        await using var connection = await context.Database.Starts.OpenConnectionAsync();
        await using var transaction = await context.Database.Starts.BeginTransactionAsync(connection);
        return await _deliveries.TryLockAgainAsync(connection, claimed) is { } again ? await SettleAsync(connection, again, report with { Attempt = again.Attempt }) : null;
    }

    private async Task<Successor?> SettleAsync(NpgsqlConnection connection, ClaimedDelivery claimed, AttemptReport report, DateTimeOffset earliestRetry)
    {
        var transition = context.Transitions.Settle(claimed.Call, report, await FindPauseAsync(connection, report));
        var now = context.Time.GetUtcNow();
        var retried = GetRetried(transition, earliestRetry);
        var successor = await WriteAsync(connection, claimed, transition, retried, now);
        context.Health.ReportSuccess();
        context.Transitions.ReportCommitted(transition);
        return retried is not { Deliveries: [{ } delivery] } ? successor
            : delivery.DueAt <= now && delivery.WaitsFor != DeliveryWait.Destination ? new(new(claimed.Id, LaneGroup.Of(retried, delivery), delivery.IsNotifier), IsDue: true, claimed.Call.History)
            : null;
    }

    /// <summary>Finds the pause that the result of an attempt may change: that of the destination it names, or else that of the delivery.</summary>
    private async Task<DestinationPause?> FindPauseAsync(NpgsqlConnection connection, AttemptReport report)
    {
        var delivery = report.Attempt.Delivery;
        return report.Destination is { } named ? await _pauses.LockAsync(connection, delivery.HandlerName, named)
            : delivery.Destination is { } destination && (report.IsProbe || context.Pauses.IsPaused(new(delivery.HandlerName, destination))) ? await _pauses.LockAsync(connection, delivery.HandlerName, destination)
            : null;
    }

    /// <summary>Gets the delivery that is tried again; null when it is done.</summary>
    private static PendingEvent? GetRetried(StateTransition transition, DateTimeOffset earliest) =>
        transition.State.PendingEvents is not [{ Deliveries: [{ } delivery] } pending] ? null
            : delivery.DueAt >= earliest ? pending
            : pending with { Deliveries = [delivery with { DueAt = earliest }] };

    /// <summary>Writes the result and commits; returns the next delivery of the same call and handler, if it is due or waits for the caller's name.</summary>
    private async Task<Successor?> WriteAsync(NpgsqlConnection connection, ClaimedDelivery claimed, StateTransition transition, PendingEvent? retried, DateTimeOffset now)
    {
        await using var batch = new NpgsqlBatch(connection);
        var changes = retried is not null ? _deliveries.Retry(claimed, retried) : [_deliveries.Delete(claimed.Id)];
        foreach (var command in changes.Append(_starts.Delete(claimed)))
        {
            batch.BatchCommands.Add(command);
        }

        if (transition.DeadLetter is { } letter)
        {
            batch.BatchCommands.Add(_deadLetters.Insert(letter));
        }

        if (transition.PauseChange is { } change)
        {
            batch.BatchCommands.Add(_pauses.Write(change));
        }

        // The only command with a result.
        batch.BatchCommands.Add(_deliveries.FindSuccessor(claimed, now));
        batch.BatchCommands.Add(new("COMMIT"));
        await using var row = await batch.ExecuteReaderAsync();
        var successor = await DeliveryTable.ReadSuccessorAsync(row, claimed);
        // Throws what the commit throws.
        await row.NextResultAsync();
        return successor;
    }
}
