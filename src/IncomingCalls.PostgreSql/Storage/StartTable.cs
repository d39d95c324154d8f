using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The table <c>starts</c>: attempts that have started and are not settled. The number of attempts is written in the transaction that ends with the process, so
/// without it a handler that ends its process would end the process of every node in turn.
/// </summary>
internal sealed class StartTable(InboxDatabase database)
{
    /// <summary>A start of fewer attempts was settled by a node that could not delete it.</summary>
    private readonly string _add = $"""
        INSERT INTO {database.Schema.Starts} (delivery_id, attempts, started_at) VALUES ($1, $2, $3)
        ON CONFLICT (delivery_id) DO UPDATE SET attempts = excluded.attempts, started_at = excluded.started_at WHERE starts.attempts < excluded.attempts
        """;

    private readonly string _delete = $"DELETE FROM {database.Schema.Starts} WHERE delivery_id = $1 AND attempts = $2";

    /// <summary>Records the start of an attempt, with another connection; returns false when an earlier attempt of the delivery has started and was not settled.</summary>
    public async Task<bool> TryAddAsync(ClaimedDelivery claimed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        return await database.Starts.ExecuteAsync(
            _add, cancellationToken, Parameter.Of(claimed.Id), Parameter.Of(claimed.Attempt.Delivery.Attempts), Parameter.Of(now.ToUniversalTime())) == 1;
    }

    /// <summary>Deletes the start of an attempt that does not count.</summary>
    public Task DeleteAsync(ClaimedDelivery claimed) =>
        database.Starts.ExecuteAsync(_delete, CancellationToken.None, Parameter.Of(claimed.Id), Parameter.Of(claimed.Attempt.Delivery.Attempts));

    /// <summary>Creates the command that deletes the start of an attempt in the transaction of its claim.</summary>
    public NpgsqlBatchCommand Delete(ClaimedDelivery claimed) => Parameter.CreateForBatch(_delete, Parameter.Of(claimed.Id), Parameter.Of(claimed.Attempt.Delivery.Attempts));
}
