using System.Text.Json;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>The table <c>handlers</c>: when a node last had each handler.</summary>
internal sealed class HandlerTable(InboxSchema schema)
{
    private const string MissingError = "HandlerNotRegistered: no handler with this name is registered. Register a handler with this name, or purge the dead letter.";

    private readonly string _record = $"INSERT INTO {schema.Handlers} (handler, seen_at) SELECT name, $2 FROM unnest($1) AS name ORDER BY name ON CONFLICT (handler) DO UPDATE SET seen_at = excluded.seen_at WHERE handlers.seen_at < excluded.seen_at";

    /// <summary>Handlers with deliveries, found by skipping through the index, that no node has had since a time.</summary>
    private readonly string _missing = $"""
        WITH RECURSIVE names AS (
            (SELECT handler FROM {schema.Deliveries} ORDER BY handler LIMIT 1)
            UNION ALL
            SELECT (SELECT d.handler FROM {schema.Deliveries} d WHERE d.handler > names.handler ORDER BY d.handler LIMIT 1) FROM names WHERE names.handler IS NOT NULL
        )
        SELECT names.handler FROM names LEFT JOIN {schema.Handlers} h ON h.handler = names.handler
        WHERE names.handler IS NOT NULL AND NOT names.handler = ANY($1) AND h.seen_at <= $2
        """;

    private readonly string _others = $"SELECT handler FROM {schema.Handlers} WHERE seen_at > $2 AND NOT handler = ANY($1) ORDER BY handler";

    private readonly string _take = $"""
        DELETE FROM {schema.Deliveries} WHERE id IN (SELECT id FROM {schema.Deliveries} WHERE handler = $1 AND format <= {InboxJson.Format} ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING id, event, attempts, is_notifier, id_instance, received_at
        """;

    private readonly string _takeExpired = $"""
        DELETE FROM {schema.Deliveries} WHERE id IN (
            SELECT id FROM {schema.Deliveries} WHERE handler = $1 AND destination = $3 AND due_at <= $4 AND received_at <= $5 AND NOT is_notifier AND format <= {InboxJson.Format}
            ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING id, event, attempts, is_notifier, id_instance, received_at
        """;

    /// <summary>Records that this node has the handlers.</summary>
    public async Task<int> RecordAsync(NpgsqlConnection connection, string[] handlers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _record, Parameter.Of(handlers), Parameter.Of(now.ToUniversalTime()));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Finds handlers with pending deliveries that this node does not have, and no other node has had since a time.</summary>
    public Task<IReadOnlyList<string>> FindMissingAsync(NpgsqlConnection connection, string[] own, DateTimeOffset since, CancellationToken cancellationToken) =>
        FindAsync(connection, _missing, own, since, cancellationToken);

    /// <summary>Finds handlers that this node does not have, and another node has had since a time.</summary>
    public Task<IReadOnlyList<string>> FindOthersAsync(NpgsqlConnection connection, string[] own, DateTimeOffset since, CancellationToken cancellationToken) =>
        FindAsync(connection, _others, own, since, cancellationToken);

    private static async Task<IReadOnlyList<string>> FindAsync(NpgsqlConnection connection, string sql, string[] own, DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<string> found = [];
        await using var command = Parameter.Create(connection, sql, Parameter.Of(own), Parameter.Of(since.ToUniversalTime()));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(row.GetString(0));
        }

        return found;
    }

    /// <summary>Deletes deliveries of a handler; returns what is stored instead. The alerts of a notifier leave nothing.</summary>
    public async Task<TakenDeliveries> TakeDeliveriesAsync(NpgsqlConnection connection, string handler, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _take, Parameter.Of(handler), Parameter.Of((long)limit));
        return await TakeAsync(command, handler, MissingError, now, cancellationToken);
    }

    /// <summary>Deletes due deliveries of a handler to a destination that is unavailable, which were received before a time; returns what is stored instead.</summary>
    public async Task<TakenDeliveries> TakeExpiredAsync(NpgsqlConnection connection, DestinationPause pause, DateTimeOffset receivedBefore, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(
            connection,
            _takeExpired,
            Parameter.Of(pause.Handler),
            Parameter.Of((long)limit),
            Parameter.Of(pause.Destination),
            Parameter.Of(now.ToUniversalTime()),
            Parameter.Of(receivedBefore.ToUniversalTime()));
        return await TakeAsync(command, pause.Handler, pause.Reason, now, cancellationToken);
    }

    private static async Task<TakenDeliveries> TakeAsync(NpgsqlCommand command, string handler, string error, DateTimeOffset now, CancellationToken cancellationToken)
    {
        TakenDeliveries taken = new();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (row.GetBoolean(3))
            {
                continue;
            }

            var json = row.GetFieldValue<byte[]>(1);
            try
            {
                var pending = InboxJson.ReadEvent(json);
                taken.Letters.Add(new()
                {
                    Event = pending.Event,
                    Handler = handler,
                    Destination = pending.Deliveries[0].Destination,
                    RatePartition = pending.Deliveries[0].RatePartition,
                    Attempts = row.GetInt32(2),
                    Error = error,
                    FailedAt = now,
                });
            }
            catch (JsonException)
            {
                taken.Unreadable.Add((handler, row.GetInt64(0), new()
                {
                    Reason = QuarantineReason.CallUnreadable,
                    Explanation = QuarantineTable.ExplainUnreadableEvent(handler),
                    IdInstance = row.GetInt64(4),
                    ReceivedAt = row.GetFieldValue<DateTimeOffset>(5),
                    Utf8Json = json,
                }));
            }
        }

        return taken;
    }
}

/// <summary>What is stored in place of the deliveries of a handler that no node has.</summary>
internal sealed class TakenDeliveries
{
    public List<DeadLetterEntry> Letters { get; } = [];

    /// <summary>The events that cannot be read, with the handlers and ids of their deliveries.</summary>
    public List<(string Handler, long Id, QuarantinedNotification Item)> Unreadable { get; } = [];
}
