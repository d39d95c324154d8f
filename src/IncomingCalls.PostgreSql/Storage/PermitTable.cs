using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The table <c>permits</c>: when the next permit of a rate limit is free, by handler and partition, for all nodes together. A permit is committed on its own, since a row that is locked
/// while a handler runs would let the partition run one attempt at a time.
/// </summary>
internal sealed class PermitTable(InboxDatabase database)
{
    /// <summary>A partition without a row has been idle for longer than any burst.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(2);

    /// <summary>The generic cell rate algorithm, see <see cref="CallHandlerRateLimit"/>: $4 is the interval of the permits, and $5 how far the burst reaches ahead of the next one.</summary>
    private readonly string _take = $"""
        WITH taken AS (
            INSERT INTO {database.Schema.Permits} AS p (handler, partition, next_at) VALUES ($1, $2, $3 + $4)
            ON CONFLICT (handler, partition) DO UPDATE SET next_at = GREATEST(p.next_at, $3) + $4 WHERE p.next_at - $5 <= $3 RETURNING next_at
        )
        SELECT true, next_at - $5 FROM taken
        UNION ALL
        SELECT false, next_at - $5 FROM {database.Schema.Permits} WHERE handler = $1 AND partition = $2 AND NOT EXISTS (SELECT 1 FROM taken)
        """;

    private readonly string _deleteIdle = $"DELETE FROM {database.Schema.Permits} WHERE next_at < $1";

    /// <summary>Takes a permit if one is free.</summary>
    public async Task<Permit> TryTakeAsync(string handler, string partition, CallHandlerRateLimit limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var interval = limit.Period / limit.Permits;
        var permits = await database.Starts.QueryAsync(
            _take,
            static row => new Permit(row.GetBoolean(0), row.GetFieldValue<DateTimeOffset>(1)),
            cancellationToken,
            Parameter.Of(handler),
            Parameter.Of(partition),
            Parameter.Of(now.ToUniversalTime()),
            Parameter.Of(interval),
            Parameter.Of(interval * (limit.Burst - 1)));
        // Without a row: another node has inserted it at the same time.
        return permits.Count == 0 ? new(IsTaken: false, now + interval) : permits[0];
    }

    /// <summary>Deletes the partitions that have been idle for long.</summary>
    public async Task<int> DeleteIdleAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _deleteIdle, Parameter.Of((now - Retention).ToUniversalTime()));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The answer to a request for a permit.</summary>
/// <param name="IsTaken">Whether the attempt may start.</param>
/// <param name="NextAt">When the next permit is free, in UTC.</param>
internal readonly record struct Permit(bool IsTaken, DateTimeOffset NextAt);
