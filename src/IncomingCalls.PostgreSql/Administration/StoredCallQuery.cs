using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>Finds the calls of an inbox, for an operator who asks what became of one.</summary>
/// <param name="schema">The tables.</param>
/// <param name="failedItems">The dead letters.</param>
internal sealed class StoredCallQuery(InboxSchema schema, FailedItemQuery failedItems)
{
    private const int PageSize = 500;

    private readonly string _calls = $"""
        SELECT id, id_instance, id_message, state FROM {schema.Calls}
        WHERE ($1::bigint IS NULL OR id < $1) AND ($2::bigint IS NULL OR id_instance = $2) AND ($3::text IS NULL OR id_message = $3) ORDER BY id DESC LIMIT $4
        """;

    private readonly string _deliveries = $"SELECT event, attempts, due_at, waits_for FROM {schema.Deliveries} WHERE call_id = $1 ORDER BY id";

    /// <exception cref="UnreadableCallException">The call that was asked for by its id cannot be read.</exception>
    public async Task<IReadOnlyList<StoredCall>> FindAsync(NpgsqlConnection connection, StoredCallFilter filter, int limit, CancellationToken cancellationToken)
    {
        List<StoredCall> found = [];
        long? before = null;
        while (true)
        {
            var page = await ReadPageAsync(connection, filter, before, cancellationToken);
            foreach (var (id, call) in page.Where(row => row.Call is not null && filter.IsOfChat(row.Call.History)).Take(limit - found.Count))
            {
                found.Add(new()
                {
                    State = call! with { PendingEvents = await ReadDeliveriesAsync(connection, id, cancellationToken) },
                    DeadLetters = await failedItems.FindDeadLettersAsync(connection, call.History.Key, cancellationToken),
                });
            }

            if (found.Count == limit || page.Count < PageSize)
            {
                return found;
            }

            before = page[^1].Id;
        }
    }

    private async Task<IReadOnlyList<(long Id, CallState? Call)>> ReadPageAsync(NpgsqlConnection connection, StoredCallFilter filter, long? before, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(
            connection, _calls, Parameter.OfNumber(before), Parameter.OfNumber(filter.IdInstance), Parameter.OfText(filter.IdMessage), Parameter.Of((long)PageSize));
        return await FailedItemQuery.ReadAsync(command, row => (row.GetInt64(0), TryRead(new(row.GetInt64(1), row.GetString(2)), row.GetFieldValue<byte[]>(3), filter)), cancellationToken);
    }

    /// <summary>Reads a call; returns null for one that cannot be read, which is skipped unless it was asked for.</summary>
    private static CallState? TryRead(CallKey key, byte[] state, StoredCallFilter filter)
    {
        try
        {
            return InboxJson.ReadCall(key, state);
        }
        catch (UnreadableCallException) when (filter.IdMessage is null)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<PendingEvent>> ReadDeliveriesAsync(NpgsqlConnection connection, long callId, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _deliveries, Parameter.Of(callId));
        return await FailedItemQuery.ReadAsync(
            command,
            static row =>
            {
                var pending = InboxJson.ReadEvent(row.GetFieldValue<byte[]>(0));
                // The columns are newer than the JSON: a retry of the delivery before it changes only them.
                var delivery = pending.Deliveries[0] with { Attempts = row.GetInt32(1), DueAt = row.GetFieldValue<DateTimeOffset>(2), WaitsFor = (DeliveryWait)row.GetInt16(3) };
                return pending with { Deliveries = [delivery] };
            },
            cancellationToken);
    }
}
