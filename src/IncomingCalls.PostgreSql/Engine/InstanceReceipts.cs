using System.Collections.Concurrent;
using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Shares the receipts of notifications between the nodes: an outcome timeout is postponed while any node receives late notifications of the instance, and the health
/// check knows what other nodes have received. Recording is in memory, and each look writes it.
/// </summary>
internal sealed class InstanceReceipts(InboxContext context)
{
    /// <summary>The lag above which an instance counts as catching up, and for how long.</summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);

    /// <summary>How often the receipts of an instance that is not late are written.</summary>
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(10);

    /// <summary>More instances than one node serves. The limit protects against senders that make up instance numbers.</summary>
    private const int MaxInstances = 10_000;

    private readonly InstanceTable _table = new(context.Database.Schema);
    private readonly ConcurrentDictionary<long, InstanceReceipt> _last = new();
    private readonly Dictionary<long, InstanceReceipt> _written = [];
    private DateTimeOffset _readUntil = DateTimeOffset.UnixEpoch;

    public void Record(long idInstance, DateTimeOffset receivedAt, TimeSpan? lag)
    {
        if (_last.ContainsKey(idInstance) || _last.Count < MaxInstances)
        {
            // A notification without a timestamp proves neither.
            _last.AddOrUpdate(
                idInstance,
                static (id, receipt) => new(id, receipt.At, receipt.Lag > LateAfter ? receipt.At + LateAfter : null),
                static (id, before, receipt) => new(id, receipt.At, receipt.Lag is null ? before.LateUntil : receipt.Lag > LateAfter ? receipt.At + LateAfter : null),
                (At: receivedAt, Lag: lag));
        }
    }

    /// <summary>Writes what has changed since the last call. Not thread-safe.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var changed = _last.Values.Where(IsNews).ToArray();
        if (changed.Length == 0)
        {
            return;
        }

        await _table.RecordAsync(context.Database.Other, changed, cancellationToken);
        foreach (var receipt in changed)
        {
            _written[receipt.IdInstance] = receipt;
        }
    }

    /// <summary>Reads what other nodes have received. Not thread-safe.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var receipt in await _table.FindAsync(context.Database.Other, _readUntil, cancellationToken))
        {
            context.Transitions.RecordReceipt(receipt.IdInstance, receipt.ReceivedAt);
            // Behind it, since the writes of the nodes are not in order.
            _readUntil = receipt.ReceivedAt - LateAfter > _readUntil ? receipt.ReceivedAt - LateAfter : _readUntil;
        }
    }

    private bool IsNews(InstanceReceipt receipt) =>
        !_written.TryGetValue(receipt.IdInstance, out var written)
        || (receipt.ReceivedAt > written.ReceivedAt && (receipt.LateUntil is null != written.LateUntil is null || receipt.ReceivedAt >= written.ReceivedAt + WriteInterval));
}
