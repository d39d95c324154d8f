using System.Text.Json;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>A delivery that is due, or that waits for a caller's name, as far as the choice of the next one needs it.</summary>
/// <param name="Id">The id of the row. A handler handles the deliveries of a call in the order of their ids.</param>
/// <param name="Lane">The handler and the destination or instance.</param>
/// <param name="IsNotifier">Whether the handler is an operator notifier.</param>
internal readonly record struct DueDelivery(long Id, LaneGroup Lane, bool IsNotifier)
{
    public string HandlerName => Lane.HandlerName;

    /// <summary>Gets the lane of a delivery.</summary>
    public static LaneGroup GetLane(string handlerName, string? destination, long idInstance) =>
        string.IsNullOrEmpty(destination) ? new(handlerName, idInstance) : new(handlerName, destination);
}

/// <summary>A delivery that this node has claimed: its row is locked by the transaction of the claim.</summary>
internal sealed class ClaimedDelivery
{
    public required long Id { get; init; }

    public required long CallId { get; init; }

    /// <summary>The id of the transaction of the claim.</summary>
    public required string TransactionId { get; init; }

    /// <summary>The state of the call, whose only pending delivery is this one.</summary>
    public required CallState Call { get; init; }

    /// <summary>Whether the attempt is the probe of an unavailable destination.</summary>
    public required bool IsProbe { get; init; }

    public DeliveryAttempt Attempt => new() { PendingEvent = Call.PendingEvents[0], Delivery = Call.PendingEvents[0].Deliveries[0] };
}

/// <summary>The next delivery of a call and handler after one was settled.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="IsDue">Whether it is due; otherwise it waits for the caller's name.</param>
/// <param name="History">The call.</param>
internal sealed record Successor(DueDelivery Delivery, bool IsDue, CallHistory History);

/// <summary>A delivery that waits for the settle time of an unanswered call, or for the call journal, and which another change of the call may replace or end. Its row is locked.</summary>
/// <param name="Id">The id of the row.</param>
/// <param name="Pending">The event with this delivery.</param>
internal sealed record WaitingDelivery(long Id, PendingEvent Pending)
{
    public Delivery Delivery => Pending.Deliveries[0];
}

/// <summary>Reads and writes the table <c>deliveries</c>.</summary>
internal sealed class DeliveryTable(InboxSchema schema)
{
    /// <summary>Claims a delivery by its id if it is due, its destination is not paused, it is the first delivery of its call and handler, and no other transaction has locked it.</summary>
    private readonly string _claim = $"""
        SELECT d.call_id, d.attempts, d.event, c.id_instance, c.id_message, c.state, pg_current_xact_id()::text
        FROM {schema.Deliveries} d JOIN {schema.Calls} c ON c.id = d.call_id
        WHERE d.id = $1 AND d.format <= $2 AND (d.due_at <= $3 OR ($4 AND d.waits_for = {(int)DeliveryWait.CallerName}))
          AND NOT EXISTS (SELECT 1 FROM {schema.Deliveries} e WHERE e.call_id = d.call_id AND e.handler = d.handler AND e.id < d.id)
          AND (d.destination = '' OR d.is_notifier OR NOT EXISTS (
            SELECT 1 FROM {schema.Pauses} p WHERE p.handler = d.handler AND p.destination = d.destination AND (p.until > $3 OR (p.is_unavailable AND NOT $5))))
        FOR UPDATE OF d SKIP LOCKED
        """;

    /// <summary>Locks a delivery that this node has claimed before, provided that no node has settled or claimed it since. It waits for the end of the earlier transaction, for two seconds at most.</summary>
    private readonly string _lockAgain = $"""
        SELECT d.call_id, d.attempts, d.event, c.id_instance, c.id_message, c.state, pg_current_xact_id()::text
        FROM {schema.Deliveries} d JOIN {schema.Calls} c ON c.id = d.call_id WHERE d.id = $1 AND d.attempts = $2 FOR UPDATE OF d
        """;

    /// <summary>Inserts nothing if this transaction has not written the call, because another one has inserted it meanwhile.</summary>
    private readonly string _insert = $"""
        INSERT INTO {schema.Deliveries} (call_id, id_instance, handler, destination, due_at, attempts, waits_for, is_notifier, format, received_at, event)
        SELECT c.id, $1, $3, $11, GREATEST($4, (SELECT MAX(due_at) FROM {schema.Deliveries} d WHERE d.call_id = c.id AND d.handler = $3 AND d.waits_for = {(int)DeliveryWait.Retry})), $5, $6, $7, $8, $9, $10
        FROM {schema.Calls} c WHERE c.id_instance = $1 AND c.id_message = $2 AND c.xmin = pg_current_xact_id()::xid RETURNING id
        """;

    /// <summary>A delivery that is due may be running, so it is left out, and so is one that is locked.</summary>
    private readonly string _lockWaiting = $"""
        SELECT id, due_at, event FROM {schema.Deliveries} WHERE call_id = $1 AND waits_for IN ({(int)DeliveryWait.Settle}, {(int)DeliveryWait.Journal}) AND due_at > $2 AND format <= {InboxJson.Format}
        ORDER BY id FOR UPDATE SKIP LOCKED
        """;

    private readonly string _quarantine = $"""
        INSERT INTO {schema.Quarantine} (reason, explanation, id_instance, received_at, sha256, bytes)
        SELECT $2, $3, id_instance, received_at, upper(encode(sha256(event), 'hex')), event FROM {schema.Deliveries} WHERE id = $1
        """;

    private readonly string _event = $"SELECT event FROM {schema.Deliveries} WHERE id = $1";
    private readonly string _delete = $"DELETE FROM {schema.Deliveries} WHERE id = $1";
    private readonly string _release = $"UPDATE {schema.Deliveries} SET due_at = $2, waits_for = $3, event = $4 WHERE id = $1";
    private readonly string _retry = $"UPDATE {schema.Deliveries} SET due_at = $2, attempts = $3, waits_for = $4, event = $5, destination = $6 WHERE id = $1";

    /// <summary>The deliveries behind a retry cannot start before it; so they need not be looked at.</summary>
    private readonly string _delaySuccessors = $"UPDATE {schema.Deliveries} SET due_at = $4 WHERE call_id = $1 AND handler = $2 AND id > $3 AND due_at < $4";

    private readonly string _successor = $"""
        SELECT id, destination, id_instance, is_notifier, due_at <= $4 FROM {schema.Deliveries} d
        WHERE call_id = $1 AND handler = $2 AND id = (SELECT MIN(id) FROM {schema.Deliveries} e WHERE e.call_id = $1 AND e.handler = $2 AND e.id > $3)
          AND (due_at <= $4 OR waits_for = {(int)DeliveryWait.CallerName})
        """;

    /// <summary>Begins a transaction and claims a delivery; returns null when it is not there, not due, not the first of its call and handler, or claimed by another node.</summary>
    /// <exception cref="UnreadableCallException">The state of its call cannot be read.</exception>
    /// <exception cref="System.Text.Json.JsonException">The event cannot be read.</exception>
    public async Task<ClaimedDelivery?> TryClaimAsync(InboxPool pool, NpgsqlConnection connection, long id, bool isSignalled, bool isProbe, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in pool.CreateBeginning())
        {
            batch.BatchCommands.Add(command);
        }

        batch.BatchCommands.Add(Parameter.CreateForBatch(SessionSettings.UseIndexesOnly));
        batch.BatchCommands.Add(Parameter.CreateForBatch(_claim, Parameter.Of(id), Parameter.Of(InboxJson.Format), Parameter.Of(now.ToUniversalTime()), Parameter.Of(isSignalled), Parameter.Of(isProbe)));
        // The claim waits for the handler without a snapshot, which would hold back VACUUM.
        batch.BatchCommands.Add(Parameter.CreateForBatch(InboxPool.Ping));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        while (row.FieldCount == 0 || row.GetName(0) != "call_id")
        {
            // The results of settings.
            await row.NextResultAsync(cancellationToken);
        }

        return await ReadClaimedAsync(row, id, isProbe, cancellationToken);
    }

    /// <summary>Locks a delivery again, to settle an attempt whose transaction was given up; returns null when it was settled or claimed by another node.</summary>
    public async Task<ClaimedDelivery?> TryLockAgainAsync(NpgsqlConnection connection, ClaimedDelivery claimed)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("SET LOCAL lock_timeout = '2s'"), Parameter.CreateForBatch(_lockAgain, Parameter.Of(claimed.Id), Parameter.Of(claimed.Attempt.Delivery.Attempts)) },
        };
        try
        {
            await using var row = await batch.ExecuteReaderAsync();
            return await ReadClaimedAsync(row, claimed.Id, claimed.IsProbe, CancellationToken.None);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Another node has claimed it, and settles it with the recorded result.
            return null;
        }
    }

    /// <summary>Locks the deliveries of a call that wait for their settle time or for the journal. One that cannot be read is left to its claim.</summary>
    public async Task<IReadOnlyList<WaitingDelivery>> LockWaitingAsync(NpgsqlConnection connection, long callId, DateTimeOffset now)
    {
        List<WaitingDelivery> waiting = [];
        await using var command = Parameter.Create(connection, _lockWaiting, Parameter.Of(callId), Parameter.Of(now.ToUniversalTime()));
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            if (TryReadEvent(row.GetFieldValue<byte[]>(2)) is { } pending)
            {
                waiting.Add(new(row.GetInt64(0), pending with { Deliveries = [pending.Deliveries[0] with { DueAt = row.GetFieldValue<DateTimeOffset>(1) }] }));
            }
        }

        return waiting;
    }

    /// <summary>Reads the event of a delivery, whatever the state of its call; null when it cannot be read.</summary>
    public async Task<PendingEvent?> TryReadEventAsync(NpgsqlConnection connection, long id)
    {
        await using var command = Parameter.Create(connection, _event, Parameter.Of(id));
        return await command.ExecuteScalarAsync() is byte[] json ? TryReadEvent(json) : null;
    }

    /// <summary>Deletes a delivery.</summary>
    public async Task DeleteAsync(NpgsqlConnection connection, long id)
    {
        await using var command = Parameter.Create(connection, _delete, Parameter.Of(id));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Moves the bytes of a delivery that cannot be read to the quarantine.</summary>
    public async Task QuarantineAsync(NpgsqlConnection connection, long id, string explanation)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Parameter.CreateForBatch(_quarantine, Parameter.Of(id), Parameter.Of(nameof(QuarantineReason.CallUnreadable)), Parameter.Of(explanation)), Parameter.CreateForBatch(_delete, Parameter.Of(id)) },
        };
        await batch.ExecuteNonQueryAsync();
    }

    private static PendingEvent? TryReadEvent(byte[] json)
    {
        try
        {
            return InboxJson.ReadEvent(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<ClaimedDelivery?> ReadClaimedAsync(NpgsqlDataReader row, long id, bool isProbe, CancellationToken cancellationToken)
    {
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var pending = InboxJson.ReadEvent(row.GetFieldValue<byte[]>(2));
        var delivery = pending.Deliveries[0] with { Attempts = row.GetInt32(1) };
        var call = InboxJson.ReadCall(new(row.GetInt64(3), row.GetString(4)), row.GetFieldValue<byte[]>(5));
        return new()
        {
            Id = id,
            CallId = row.GetInt64(0),
            TransactionId = row.GetString(6),
            Call = call with { PendingEvents = [pending with { Deliveries = [delivery] }] },
            IsProbe = isProbe,
        };
    }

    /// <summary>Creates the command that inserts a delivery of a call that this transaction has written, and returns its id. It is not due before one of the same call and handler that waits for a retry.</summary>
    public NpgsqlBatchCommand Insert(PendingEvent pending, Delivery delivery) => Parameter.CreateForBatch(
        _insert,
        Parameter.Of(pending.Event.Call.IdInstance),
        Parameter.Of(pending.Event.Call.IdMessage),
        Parameter.Of(delivery.HandlerName),
        Parameter.Of(delivery.DueAt.ToUniversalTime()),
        Parameter.Of(delivery.Attempts),
        Parameter.Of((short)delivery.WaitsFor),
        Parameter.Of(delivery.IsNotifier),
        Parameter.Of(InboxJson.FormatOf(pending)),
        Parameter.Of(pending.Event.ReceivedAt.ToUniversalTime()),
        Parameter.Of(InboxJson.Write(pending, delivery)),
        Parameter.Of(delivery.Destination ?? ""));

    /// <summary>Creates the command that deletes a delivery, because it is done or was replaced.</summary>
    public NpgsqlBatchCommand Delete(long id) => Parameter.CreateForBatch(_delete, Parameter.Of(id));

    /// <summary>Creates the command that ends the wait of a delivery.</summary>
    public NpgsqlBatchCommand Release(long id, PendingEvent pending, Delivery delivery) => Parameter.CreateForBatch(
        _release, Parameter.Of(id), Parameter.Of(delivery.DueAt.ToUniversalTime()), Parameter.Of((short)delivery.WaitsFor), Parameter.Of(InboxJson.Write(pending, delivery)));

    /// <summary>Creates the commands that record when the delivery is tried again.</summary>
    public IEnumerable<NpgsqlBatchCommand> Retry(ClaimedDelivery claimed, PendingEvent pending)
    {
        var delivery = pending.Deliveries[0];
        var dueAt = delivery.DueAt.ToUniversalTime();
        return
        [
            Parameter.CreateForBatch(_retry, Parameter.Of(claimed.Id), Parameter.Of(dueAt), Parameter.Of(delivery.Attempts), Parameter.Of((short)delivery.WaitsFor), Parameter.Of(InboxJson.Write(pending, delivery)), Parameter.Of(delivery.Destination ?? "")),
            Parameter.CreateForBatch(_delaySuccessors, Parameter.Of(claimed.CallId), Parameter.Of(delivery.HandlerName), Parameter.Of(claimed.Id), Parameter.Of(dueAt)),
        ];
    }

    /// <summary>Creates the command that finds the next delivery of the same call and handler, if it is due or waits for the caller's name.</summary>
    public NpgsqlBatchCommand FindSuccessor(ClaimedDelivery claimed, DateTimeOffset now) => Parameter.CreateForBatch(
        _successor, Parameter.Of(claimed.CallId), Parameter.Of(claimed.Attempt.Delivery.HandlerName), Parameter.Of(claimed.Id), Parameter.Of(now.ToUniversalTime()));

    /// <summary>Reads the result of <see cref="FindSuccessor"/>; null when there is none.</summary>
    public static async Task<Successor?> ReadSuccessorAsync(NpgsqlDataReader row, ClaimedDelivery claimed) =>
        await row.ReadAsync() ? new(new(row.GetInt64(0), DueDelivery.GetLane(claimed.Attempt.Delivery.HandlerName, row.GetString(1), row.GetInt64(2)), row.GetBoolean(3)), row.GetBoolean(4), claimed.Call.History) : null;
}
