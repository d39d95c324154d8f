using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Takes deliveries that cannot be read out of the way, so that they stop no other: one whose event is damaged is quarantined with its bytes, and one whose call is
/// damaged becomes a dead letter, which can be replayed when the call is restored.
/// </summary>
internal sealed class DamagedDeliveries(InboxContext context)
{
    private readonly DeliveryTable _deliveries = new(context.Database.Schema);
    private readonly DeadLetterTable _deadLetters = new(context.Database.Schema);

    /// <summary>Removes a delivery in the transaction of its claim, and commits it.</summary>
    public async Task RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DueDelivery due, Exception reason)
    {
        DeadLetterEntry? letter = null;
        if (reason is JsonException || await _deliveries.TryReadEventAsync(connection, due.Id) is not { } pending)
        {
            await _deliveries.QuarantineAsync(connection, due.Id, QuarantineTable.ExplainUnreadableEvent(due.HandlerName));
        }
        else
        {
            await _deliveries.DeleteAsync(connection, due.Id);
            if (!due.IsNotifier)
            {
                letter = CreateDeadLetter(due, pending, reason);
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { _deadLetters.Insert(letter) } };
                await batch.ExecuteNonQueryAsync();
            }
        }

        await transaction.CommitAsync(CancellationToken.None);
        if (letter is not null)
        {
            context.Transitions.ReportCommitted(letter);
        }

        context.Logger.DeliveryUnreadable(due.HandlerName, due.Id, reason.GetType().Name);
    }

    private DeadLetterEntry CreateDeadLetter(DueDelivery due, PendingEvent pending, Exception reason) => context.Transitions.WithAccount(new()
    {
        Event = pending.Event,
        Handler = due.HandlerName,
        Destination = due.Lane.Destination,
        RatePartition = pending.Deliveries[0].RatePartition,
        Attempts = pending.Deliveries[0].Attempts,
        Error = $"CallUnreadable: {reason.Message} Restore the row of the call, and replay the dead letter.",
        FailedAt = context.Time.GetUtcNow(),
    });
}
