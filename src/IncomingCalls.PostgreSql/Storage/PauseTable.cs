using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The table <c>pauses</c>: the destinations to which the deliveries of a handler are paused. The deliveries themselves are not rewritten. One node at a time probes a destination that is
/// unavailable.
/// </summary>
internal sealed class PauseTable(InboxSchema schema)
{
    private const string Columns = "handler, destination, since, until, is_unavailable, failures, reason";

    private readonly string _find = $"SELECT {Columns} FROM {schema.Pauses} WHERE handler = $1 AND destination = $2 FOR UPDATE";
    private readonly string _active = $"SELECT {Columns} FROM {schema.Pauses} WHERE is_unavailable OR until > $1 ORDER BY handler, destination";
    private readonly string _end = $"DELETE FROM {schema.Pauses} WHERE handler = COALESCE($1, handler) AND destination = COALESCE($2, destination)";
    private readonly string _deleteEnded = $"DELETE FROM {schema.Pauses} WHERE NOT is_unavailable AND until < $1";
    private readonly string _endProbe = $"UPDATE {schema.Pauses} SET probe_until = NULL WHERE handler = $1 AND destination = $2 AND probe_until = $3";

    private readonly string _beginProbe = $"""
        UPDATE {schema.Pauses} SET probe_until = $4 WHERE handler = $1 AND destination = $2 AND is_unavailable AND until <= $3 AND (probe_until IS NULL OR probe_until <= $3)
        """;

    /// <summary>Changes a pause whose row this transaction has locked.</summary>
    private readonly string _update = $"""
        UPDATE {schema.Pauses} SET since = $3, until = $4, is_unavailable = $5, failures = $6, reason = $7, probe_until = NULL WHERE handler = $1 AND destination = $2
        """;

    /// <summary>There was no row to lock. If another node has inserted one meanwhile, that the destination is unavailable matters more than a delay, and the later time holds.</summary>
    private readonly string _insert = $"""
        INSERT INTO {schema.Pauses} ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (handler, destination) DO UPDATE
        SET until = GREATEST(pauses.until, excluded.until), is_unavailable = pauses.is_unavailable OR excluded.is_unavailable, failures = GREATEST(pauses.failures, excluded.failures),
            reason = CASE WHEN excluded.is_unavailable AND NOT pauses.is_unavailable THEN excluded.reason ELSE pauses.reason END
        """;

    /// <summary>The pauses that hold something back, in the columns of <see cref="Read"/>.</summary>
    public string Active => _active;

    /// <summary>Reads a pause.</summary>
    public static DestinationPause Read(NpgsqlDataReader row) => new()
    {
        Handler = row.GetString(0),
        Destination = row.GetString(1),
        Since = row.GetFieldValue<DateTimeOffset>(2),
        Until = row.GetFieldValue<DateTimeOffset>(3),
        IsUnavailable = row.GetBoolean(4),
        Failures = row.GetInt32(5),
        Reason = row.GetString(6),
    };

    /// <summary>Locks the pause of a destination, so that results of several attempts change it one after another; null when there is none.</summary>
    public async Task<DestinationPause?> LockAsync(NpgsqlConnection connection, string handler, string destination)
    {
        await using var command = Parameter.Create(connection, _find, Parameter.Of(handler), Parameter.Of(destination));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? Read(row) : null;
    }

    /// <summary>Begins the probe of a destination; returns false when it is not due, when another probe is running, or when the destination is no longer unavailable.</summary>
    /// <param name="pool">The connections.</param>
    /// <param name="lane">The handler and destination.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="until">When another probe may begin although the result of this one is not known, because its node is gone.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task<bool> TryBeginProbeAsync(InboxPool pool, LaneGroup lane, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) => await pool.ExecuteAsync(
        _beginProbe, cancellationToken, Parameter.Of(lane.HandlerName), Parameter.Of(lane.Destination!), Parameter.Of(now.ToUniversalTime()), Parameter.Of(until.ToUniversalTime())) == 1;

    /// <summary>Ends a probe, unless its result has ended it, after which another node may have begun one.</summary>
    /// <param name="pool">The connections.</param>
    /// <param name="lane">The handler and destination.</param>
    /// <param name="until">The time with which the probe has begun.</param>
    public Task EndProbeAsync(InboxPool pool, LaneGroup lane, DateTimeOffset until) =>
        pool.ExecuteAsync(_endProbe, CancellationToken.None, Parameter.Of(lane.HandlerName), Parameter.Of(lane.Destination!), Parameter.Of(until.ToUniversalTime()));

    /// <summary>Creates the command that writes a change of a pause.</summary>
    public NpgsqlBatchCommand Write(DestinationPauseChange change) => change.After is not { } pause
        ? Parameter.CreateForBatch(_end, Parameter.Of(change.Handler), Parameter.Of(change.Destination))
        : Parameter.CreateForBatch(
            change.Before is null ? _insert : _update,
            Parameter.Of(change.Handler),
            Parameter.Of(change.Destination),
            Parameter.Of(pause.Since.ToUniversalTime()),
            Parameter.Of(pause.Until.ToUniversalTime()),
            Parameter.Of(pause.IsUnavailable),
            Parameter.Of(pause.Failures),
            Parameter.Of(ReceivedText.RemoveControls(pause.Reason)));

    /// <summary>Ends the pauses of a handler and destination, or of all for null; returns how many.</summary>
    public async Task<int> EndAsync(NpgsqlConnection connection, string? handler, string? destination, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _end, Parameter.OfText(handler), Parameter.OfText(destination));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes the delays that have ended.</summary>
    public async Task<int> DeleteEndedAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _deleteEnded, Parameter.Of(now.ToUniversalTime()));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
