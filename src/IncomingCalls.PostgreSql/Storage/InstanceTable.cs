using Npgsql;
using NpgsqlTypes;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>The last notification that a node has received from an instance.</summary>
/// <param name="IdInstance">The instance.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="LateUntil">Until when the instance counts as catching up; null when the notification was not late.</param>
internal readonly record struct InstanceReceipt(long IdInstance, DateTimeOffset ReceivedAt, DateTimeOffset? LateUntil);

/// <summary>The table <c>instances</c>: when any node has last received a notification of each instance, and whether it was late.</summary>
internal sealed class InstanceTable(InboxSchema schema)
{
    private readonly string _record = $"""
        INSERT INTO {schema.Instances} (id_instance, received_at, late_until) SELECT * FROM unnest($1, $2, $3) AS receipt (id_instance, received_at, late_until) ORDER BY id_instance
        ON CONFLICT (id_instance) DO UPDATE SET received_at = excluded.received_at, late_until = excluded.late_until WHERE instances.received_at < excluded.received_at
        """;

    private readonly string _find = $"SELECT id_instance, received_at FROM {schema.Instances} WHERE received_at > $1";

    /// <summary>Records receipts, in the order of their instances so that two nodes do not deadlock.</summary>
    public Task RecordAsync(InboxPool pool, InstanceReceipt[] receipts, CancellationToken cancellationToken) => pool.ExecuteAsync(
        _record,
        cancellationToken,
        Parameter.Of(receipts.Select(static receipt => receipt.IdInstance).ToArray()),
        Parameter.Of(receipts.Select(static receipt => receipt.ReceivedAt.ToUniversalTime()).ToArray()),
        new NpgsqlParameter<DateTimeOffset?[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, TypedValue = [.. receipts.Select(static receipt => receipt.LateUntil?.ToUniversalTime())] });

    /// <summary>Finds when notifications were last received, as far as it was after a time.</summary>
    public Task<IReadOnlyList<InstanceReceipt>> FindAsync(InboxPool pool, DateTimeOffset after, CancellationToken cancellationToken) => pool.QueryAsync(
        _find,
        static row => new InstanceReceipt(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), LateUntil: null),
        cancellationToken,
        Parameter.Of(after.ToUniversalTime()));
}
