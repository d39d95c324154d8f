using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace IncomingCalls.Instances;

/// <summary>When each instance was last heard of, since the host started. Safe to use from any thread.</summary>
internal sealed class InstanceActivityTracker(TimeProvider time)
{
    /// <summary>More than one process serves; the bound is for a sender who makes instances up.</summary>
    private const int MaxInstances = 10_000;

    /// <summary>Ticks in boxes: noting one takes no lock and makes nothing.</summary>
    private readonly ConcurrentDictionary<long, StrongBox<long>> _receipts = new();

    /// <summary>Since when anybody listens.</summary>
    public DateTimeOffset StartedAt { get; private set; } = time.GetUtcNow();

    /// <summary>The host starts.</summary>
    public void Start() => StartedAt = time.GetUtcNow();

    public void RecordReceipt(long idInstance, DateTimeOffset receivedAt)
    {
        // Count locks the whole dictionary; an instance that is known costs nothing of it.
        if (_receipts.TryGetValue(idInstance, out var receipt))
        {
            Volatile.Write(ref receipt.Value, receivedAt.UtcTicks);
        }
        else if (_receipts.Count < MaxInstances)
        {
            _receipts[idInstance] = new(receivedAt.UtcTicks);
        }
    }

    /// <summary>When the instance was last heard of; null for never.</summary>
    public DateTimeOffset? LastReceiptOf(long idInstance) => _receipts.TryGetValue(idInstance, out var receipt) ? new(Volatile.Read(ref receipt.Value), TimeSpan.Zero) : null;
}
