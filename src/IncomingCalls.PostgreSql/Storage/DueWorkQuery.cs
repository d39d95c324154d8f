using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>What a look has found.</summary>
internal sealed class DueWork
{
    /// <summary>Deliveries that are due, the first of their call and handler, and in a format that this node reads. Another node may have claimed them.</summary>
    public required IReadOnlyList<DueDelivery> Deliveries { get; init; }

    /// <summary>The destinations to which deliveries are paused.</summary>
    public required IReadOnlyList<PausedLane> Pauses { get; init; }

    /// <summary>Whether there may be more due deliveries.</summary>
    public required bool HasMore { get; init; }

    /// <summary>Whether there are due deliveries that a later version has written. A node of that version handles them.</summary>
    public required bool HasLaterFormat { get; init; }

    /// <summary>Calls whose outcome timeout has elapsed.</summary>
    public required IReadOnlyList<DueOutcome> Outcomes { get; init; }

    /// <summary>Whether the replay of a dead letter or of a quarantined notification is requested.</summary>
    public required bool HasReplays { get; init; }

    /// <summary>The time of the database, and the timestamp of the node's clock when it was asked.</summary>
    public required (DateTimeOffset Time, long Sent) Clock { get; init; }
}

/// <summary>A destination to which the deliveries of a handler are paused.</summary>
/// <param name="Lane">The handler and destination.</param>
/// <param name="Until">When the pause ends; of an unavailable destination, when the next probe is due.</param>
/// <param name="IsUnavailable">Whether only a probe may start once the time has come.</param>
/// <param name="IsProbed">Whether a probe is running.</param>
internal readonly record struct PausedLane(LaneGroup Lane, DateTimeOffset Until, bool IsUnavailable, bool IsProbed);

/// <summary>A call whose outcome timeout has elapsed.</summary>
/// <param name="Id">The id of its row.</param>
/// <param name="IdInstance">The instance of the call.</param>
/// <param name="IsCatchingUp">Whether the last notification that any node has received of the instance was late.</param>
internal readonly record struct DueOutcome(long Id, long IdInstance, bool IsCatchingUp);

/// <summary>
/// Looks for due work without locks, with one statement. The first rows by due time are enough as long as there are few; if there are more, the look takes some of
/// each handler and instance, so that a backlog of one does not hide another.
/// </summary>
/// <remarks>Not thread-safe: a look continues where the last one has begun.</remarks>
internal sealed class DueWorkQuery(InboxSchema schema, string[] handlers, TimeProvider time)
{
    private const int Limit = 200;
    private const int MaxPerLane = 32;
    private const int MaxByLane = 1_000;
    private const int MaxLanes = 1_000;

    /// <summary>Rows that were committed late lie behind the beginning of a look, and are found by a look over all rows.</summary>
    private static readonly TimeSpan FullLookInterval = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _handlers = [.. handlers];

    private readonly string _look = $"""
        (SELECT {(int)RowKind.Delivery}, due.id, due.handler, due.destination, due.id_instance, due.is_notifier, due.format, due.due_at,
                NOT EXISTS (SELECT 1 FROM {schema.Deliveries} e WHERE e.call_id = due.call_id AND e.handler = due.handler AND e.id < due.id)
         FROM (SELECT id, handler, destination, id_instance, is_notifier, format, due_at, call_id FROM {schema.Deliveries} WHERE due_at >= $1 AND due_at <= $2 ORDER BY due_at LIMIT {Limit}) due)
        UNION ALL
        (SELECT {(int)RowKind.Outcome}, c.id, '', '', c.id_instance, false, 0::smallint, c.outcome_due_at, COALESCE(i.late_until > $2, false)
         FROM {schema.Calls} c LEFT JOIN {schema.Instances} i ON i.id_instance = c.id_instance WHERE c.outcome_due_at <= $2 ORDER BY c.outcome_due_at LIMIT 50)
        UNION ALL
        (SELECT {(int)RowKind.Pause}, 0::bigint, handler, destination, 0::bigint, is_unavailable, 0::smallint, until, probe_until > $2 IS TRUE
         FROM {schema.Pauses} WHERE handler = ANY($3) AND (is_unavailable OR until > $2))
        UNION ALL
        (SELECT {(int)RowKind.Clock}, 0::bigint, '', '', 0::bigint, false, 0::smallint, clock_timestamp(),
                EXISTS (SELECT 1 FROM {schema.DeadLetters} WHERE replay_at IS NOT NULL) OR EXISTS (SELECT 1 FROM {schema.Quarantine} WHERE replay_at IS NOT NULL))
        """;

    private readonly string _lookByLane = $"""
        WITH RECURSIVE lanes AS (
            (SELECT handler, destination, lane_instance FROM {schema.Deliveries} WHERE (handler, destination, lane_instance) > ($3, $4, $5)
             ORDER BY handler, destination, lane_instance LIMIT 1)
            UNION ALL
            SELECT next.handler, next.destination, next.lane_instance FROM lanes CROSS JOIN LATERAL (
                SELECT d.handler, d.destination, d.lane_instance FROM {schema.Deliveries} d
                WHERE (d.handler, d.destination, d.lane_instance) > (lanes.handler, lanes.destination, lanes.lane_instance)
                ORDER BY d.handler, d.destination, d.lane_instance LIMIT 1) next
        ), walked AS MATERIALIZED (SELECT handler, destination, lane_instance FROM lanes LIMIT {MaxLanes})
        (SELECT {(int)RowKind.Delivery}, due.id, walked.handler, walked.destination, walked.lane_instance, due.is_notifier, due.format, due.due_at, true
        FROM walked CROSS JOIN LATERAL (
            SELECT d.id, d.is_notifier, d.format, d.due_at, row_number() OVER (ORDER BY d.due_at, d.id) AS rank FROM {schema.Deliveries} d
            WHERE d.handler = walked.handler AND d.destination = walked.destination AND d.lane_instance = walked.lane_instance AND d.due_at <= $1
              AND NOT EXISTS (SELECT 1 FROM {schema.Deliveries} e WHERE e.call_id = d.call_id AND e.handler = d.handler AND e.id < d.id)
            ORDER BY d.due_at, d.id LIMIT {MaxPerLane}) due
        WHERE walked.handler = ANY($2)
          AND NOT EXISTS (SELECT 1 FROM {schema.Pauses} p WHERE p.handler = walked.handler AND p.destination = walked.destination AND (p.until > $1 OR p.probe_until > $1))
        ORDER BY due.rank, random() LIMIT {MaxByLane})
        UNION ALL
        (SELECT {(int)RowKind.LastLane}, 0::bigint, handler, destination, lane_instance, false, 0::smallint, $1, (SELECT COUNT(*) FROM walked) = {MaxLanes}
        FROM walked ORDER BY handler DESC, destination DESC, lane_instance DESC LIMIT 1)
        """;

    private DateTimeOffset _from = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _nextFullLook = DateTimeOffset.MinValue;

    /// <summary>Where the next look by lane begins. One look visits a limited number of them, and the next one continues behind.</summary>
    private LaneGroup _lastLane = FirstLane;

    private enum RowKind
    {
        Delivery,
        Outcome,
        Pause,
        Clock,
        LastLane,
    }

    private static LaneGroup FirstLane => new("", 0);

    /// <summary>Explains the statements of a look, for the test that they read indexes alone: a scan that the session forbids would be compiled at each look, which takes half a second.</summary>
    internal IReadOnlyList<NpgsqlBatchCommand> Explain(DateTimeOffset now)
    {
        var at = now.ToUniversalTime();
        return
        [
            Parameter.CreateForBatch($"EXPLAIN {_look}", Parameter.Of(at), Parameter.Of(at), Parameter.Of(handlers)),
            Parameter.CreateForBatch($"EXPLAIN {_lookByLane}", Parameter.Of(at), Parameter.Of(handlers), Parameter.Of(""), Parameter.Of(""), Parameter.Of(0L)),
        ];
    }

    /// <summary>Looks for due work.</summary>
    public async Task<DueWork> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_nextFullLook <= now)
        {
            _from = DateTimeOffset.UnixEpoch;
            _nextFullLook = now + FullLookInterval;
        }

        var sent = time.GetTimestamp();
        var rows = await ReadAsync(connection, _look, cancellationToken, Parameter.Of(_from.ToUniversalTime()), Parameter.Of(now.ToUniversalTime()), Parameter.Of(handlers));
        var deliveries = rows.FindAll(static row => row.Kind == RowKind.Delivery);
        // Row versions that were deleted since a long transaction began are still in the index: a look that begins before them reads them all.
        var oldest = deliveries.Count == 0 ? now : deliveries.Min(static row => row.At);
        _from = (oldest < now ? oldest : now) - FullLookInterval;
        var isFull = deliveries.Count == Limit;
        if (isFull)
        {
            deliveries = await LookByLaneAsync(connection, now, cancellationToken);
        }

        var clock = rows.Find(static row => row.Kind == RowKind.Clock);
        return new()
        {
            Deliveries = [.. deliveries.Where(row => row.Flag && row.Format <= InboxJson.Format && _handlers.Contains(row.Delivery.HandlerName)).Select(static row => row.Delivery)],
            Pauses = [.. rows.Where(static row => row.Kind == RowKind.Pause).Select(static row => new PausedLane(row.Delivery.Lane, row.At, row.Delivery.IsNotifier, row.Flag))],
            HasMore = isFull,
            HasLaterFormat = deliveries.Exists(static row => row.Format > InboxJson.Format),
            Outcomes = [.. rows.Where(static row => row.Kind == RowKind.Outcome).Select(static row => new DueOutcome(row.Delivery.Id, row.Delivery.Lane.IdInstance, row.Flag))],
            HasReplays = clock.Flag,
            Clock = (clock.At, sent),
        };
    }

    private async Task<List<Row>> LookByLaneAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(
            connection, _lookByLane, cancellationToken, Parameter.Of(now.ToUniversalTime()), Parameter.Of(handlers), Parameter.Of(_lastLane.HandlerName), Parameter.Of(_lastLane.Destination ?? ""), Parameter.Of(_lastLane.IdInstance));
        var last = rows.Find(static row => row.Kind == RowKind.LastLane);
        _lastLane = last.Flag ? last.Delivery.Lane : FirstLane;
        return rows.FindAll(static row => row.Kind == RowKind.Delivery);
    }

    private static async Task<List<Row>> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        List<Row> rows = [];
        await using var command = Parameter.Create(connection, sql, parameters);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                (RowKind)row.GetInt32(0),
                new(row.GetInt64(1), DueDelivery.GetLane(row.GetString(2), row.GetString(3), row.GetInt64(4)), row.GetBoolean(5)),
                row.GetInt16(6),
                row.GetFieldValue<DateTimeOffset>(7),
                row.GetBoolean(8)));
        }

        return rows;
    }

    /// <summary>A row of a look.</summary>
    /// <param name="Kind">What it describes.</param>
    /// <param name="Delivery">The delivery; for an outcome timeout, its call and instance; for a pause and for the last lane, the lane.</param>
    /// <param name="Format">The format of the delivery.</param>
    /// <param name="At">When it is due; for the clock, the time of the database.</param>
    /// <param name="Flag">Of a delivery, whether it is the first of its call and handler; of an outcome timeout, whether the instance is catching up; of a pause, whether a probe is running; of the clock, whether a replay is requested; of the last lane, whether there may be others behind it.</param>
    private readonly record struct Row(RowKind Kind, DueDelivery Delivery, short Format, DateTimeOffset At, bool Flag);
}
