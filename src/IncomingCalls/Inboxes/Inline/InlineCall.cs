using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>A call in memory: what is known of it, and what its handlers are still owed.</summary>
internal sealed class InlineCall(CallKey key)
{
    private readonly List<InlineDelivery> _deliveries = [];
    private readonly Dictionary<string, SemaphoreSlim> _lanes = [];

    /// <summary>Guards everything here; no handler ever runs inside.</summary>
    public Lock Gate { get; } = new();

    public CallKey Key { get; } = key;

    public CallHistory? History { get; set; }

    /// <summary>The call as it is now; handlers read it when an attempt starts.</summary>
    public Call Current { get; set; } = new() { Key = key };

    /// <summary>Whether nothing would be lost by forgetting it.</summary>
    public bool IsFinished
    {
        get
        {
            lock (Gate)
            {
                return _deliveries.TrueForAll(delivery => delivery.IsDone);
            }
        }
    }

    public InlineDelivery? Find(string factKey) => _deliveries.Find(delivery => delivery.FactKey == factKey);

    public void Add(InlineDelivery delivery) => _deliveries.Add(delivery);

    /// <summary>What a handler is owed up to a delivery, oldest first.</summary>
    public InlineDelivery[] OwedTo(CallHandlerRegistration handler, InlineDelivery upTo)
    {
        lock (Gate)
        {
            return [.. _deliveries.Take(_deliveries.IndexOf(upTo) + 1).Where(delivery => delivery.Owes(handler))];
        }
    }

    /// <summary>A handler sees the events of a call one after another: its lane lets one through at a time.</summary>
    public SemaphoreSlim LaneOf(CallHandlerRegistration handler)
    {
        lock (Gate)
        {
            if (!_lanes.TryGetValue(handler.Name, out var lane))
            {
                _lanes[handler.Name] = lane = new(1, 1);
            }

            return lane;
        }
    }
}
