using System.Collections.Concurrent;

namespace IncomingCalls;

/// <summary>When each instance was last heard of, since the host started. Safe to use from any thread.</summary>
internal sealed class LastReceipts(TimeProvider time)
{
    /// <summary>More than one process serves; the bound is for a sender who makes instances up.</summary>
    private const int MaxInstances = 10_000;

    private readonly ConcurrentDictionary<long, DateTimeOffset> _receipts = new();

    /// <summary>Since when anybody listens.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>The host starts.</summary>
    public void Listen() => Since = time.GetUtcNow();

    public void Note(long idInstance, DateTimeOffset receivedAt)
    {
        // Count locks the whole dictionary; an instance that is known costs nothing of it.
        if (_receipts.ContainsKey(idInstance) || _receipts.Count < MaxInstances)
        {
            _receipts[idInstance] = receivedAt;
        }
    }

    /// <summary>When the instance was last heard of; null for never.</summary>
    public DateTimeOffset? Of(long idInstance) => _receipts.TryGetValue(idInstance, out var receipt) ? receipt : null;
}
