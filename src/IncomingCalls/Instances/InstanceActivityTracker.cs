using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace IncomingCalls.Instances;

/// <summary>Tracks when a notification of each instance was last received, by this process or another one that shares its inbox. Thread-safe.</summary>
internal sealed class InstanceActivityTracker(TimeProvider time)
{
    /// <summary>More instances than one process serves. The limit protects against senders that make up instance numbers.</summary>
    private const int MaxInstances = 10_000;

    /// <summary>The UTC ticks are stored in boxes, so that recording a receipt takes no lock and allocates nothing.</summary>
    private readonly ConcurrentDictionary<long, StrongBox<long>> _receipts = new();

    /// <summary>When the host started to receive notifications.</summary>
    public DateTimeOffset StartedAt { get; private set; } = time.GetUtcNow();

    /// <summary>Records the start of the host.</summary>
    public void Start() => StartedAt = time.GetUtcNow();

    /// <summary>Records that a notification of an instance was received. An earlier time than the last one changes nothing.</summary>
    public void RecordReceipt(long idInstance, DateTimeOffset receivedAt)
    {
        // Count locks the whole dictionary, so it is read only for an instance that is new.
        if (_receipts.TryGetValue(idInstance, out var receipt))
        {
            // Of two receipts at once either may win: they differ by less than a moment.
            if (Volatile.Read(ref receipt.Value) < receivedAt.UtcTicks)
            {
                Volatile.Write(ref receipt.Value, receivedAt.UtcTicks);
            }
        }
        else if (_receipts.Count < MaxInstances)
        {
            _receipts[idInstance] = new(receivedAt.UtcTicks);
        }
    }

    /// <summary>Gets when a notification of the instance was last received; null if none was.</summary>
    public DateTimeOffset? LastReceiptOf(long idInstance) => _receipts.TryGetValue(idInstance, out var receipt) ? new(Volatile.Read(ref receipt.Value), TimeSpan.Zero) : null;
}
