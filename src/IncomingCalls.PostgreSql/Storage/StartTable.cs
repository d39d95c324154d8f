using System.Text;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The table <c>starts</c>: attempts that have started and are not settled. The number of attempts is written in the transaction that ends with the process, so
/// without it a handler that ends its process would end the process of every node in turn.
/// </summary>
internal sealed class StartTable(InboxDatabase database)
{
    /// <summary>
    /// Adds a start while the transaction of the claim is open: a process that was paused in between no longer has it. A start of fewer attempts was settled by a node
    /// that could not delete it.
    /// </summary>
    private readonly string _add = $"""
        WITH claim AS (SELECT pg_xact_status($4::xid8) = 'in progress' AS is_open), added AS (
            INSERT INTO {database.Schema.Starts} (delivery_id, attempts, started_at) SELECT $1, $2, $3 FROM claim WHERE is_open
            ON CONFLICT (delivery_id) DO UPDATE SET attempts = excluded.attempts, started_at = excluded.started_at, outcome = NULL, retry_after_ms = NULL, destination = NULL, error = NULL
            WHERE starts.attempts < excluded.attempts RETURNING 1
        )
        SELECT is_open, EXISTS (SELECT 1 FROM added) FROM claim
        """;

    private readonly string _report = $"UPDATE {database.Schema.Starts} SET outcome = $3, retry_after_ms = $4, error = $5, destination = $6 WHERE delivery_id = $1 AND attempts = $2";
    private readonly string _find = $"SELECT outcome, retry_after_ms, error, destination FROM {database.Schema.Starts} WHERE delivery_id = $1 AND attempts = $2 AND outcome IS NOT NULL";
    private readonly string _delete = $"DELETE FROM {database.Schema.Starts} WHERE delivery_id = $1 AND attempts = $2";

    /// <summary>Records the start of an attempt, with another connection; returns false when an earlier attempt of the delivery has started and was not settled.</summary>
    /// <exception cref="OperationCanceledException">The session of the claim has ended, and another node may have claimed the delivery.</exception>
    public async Task<bool> TryAddAsync(ClaimedDelivery claimed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var results = await database.Starts.QueryAsync(
            _add,
            static row => (IsOpen: row.GetBoolean(0), IsAdded: row.GetBoolean(1)),
            cancellationToken,
            Parameter.Of(claimed.Id),
            Parameter.Of(claimed.Attempt.Delivery.Attempts),
            Parameter.Of(now.ToUniversalTime()),
            Parameter.Of(claimed.TransactionId));
        return results[0] is { IsOpen: true, IsAdded: var isAdded } ? isAdded : throw new OperationCanceledException("The session of the claim has ended.");
    }

    /// <summary>Records the result of an attempt that is settled with another connection: from the end of its session until then, another node may claim the delivery.</summary>
    public Task ReportAsync(ClaimedDelivery claimed, AttemptReport report) => database.Starts.ExecuteAsync(
        _report,
        CancellationToken.None,
        Parameter.Of(claimed.Id),
        Parameter.Of(claimed.Attempt.Delivery.Attempts),
        Parameter.Of((short)report.Outcome),
        Parameter.OfNumber((long?)report.RetryAfter?.TotalMilliseconds),
        Parameter.Of(Encoding.UTF8.GetBytes(report.Error ?? "")),
        Parameter.OfText(report.Destination));

    /// <summary>Finds the result of an attempt that was started and not settled; null when there is none, since its process or its session has ended.</summary>
    public async Task<AttemptReport?> FindReportAsync(ClaimedDelivery claimed, CancellationToken cancellationToken)
    {
        var reports = await database.Starts.QueryAsync(
            _find,
            row => new AttemptReport
            {
                Attempt = claimed.Attempt,
                Outcome = (AttemptOutcome)row.GetInt16(0),
                RetryAfter = row.IsDBNull(1) ? null : TimeSpan.FromMilliseconds(row.GetInt64(1)),
                Error = Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(2)),
                Destination = row.IsDBNull(3) ? null : row.GetString(3),
            },
            cancellationToken,
            Parameter.Of(claimed.Id),
            Parameter.Of(claimed.Attempt.Delivery.Attempts));
        return reports.Count == 0 ? null : reports[0];
    }

    /// <summary>Deletes the start of an attempt that does not count.</summary>
    public Task DeleteAsync(ClaimedDelivery claimed) =>
        database.Starts.ExecuteAsync(_delete, CancellationToken.None, Parameter.Of(claimed.Id), Parameter.Of(claimed.Attempt.Delivery.Attempts));

    /// <summary>Creates the command that deletes the start of an attempt in the transaction of its claim.</summary>
    public NpgsqlBatchCommand Delete(ClaimedDelivery claimed) => Parameter.CreateForBatch(_delete, Parameter.Of(claimed.Id), Parameter.Of(claimed.Attempt.Delivery.Attempts));
}
