using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>A call in memory: what is known of it, and what its handlers are still owed.</summary>
internal sealed class InlineCall(CallKey key)
{
    // What a finished call keeps stays for days, and tens of thousands of them at once: an inbox whose calls kept their
    // deliveries and lanes spent a fifth of its time in the collector. So both are there only while something is under way.
    private List<InlineDelivery>? _deliveries;
    private List<HandlerLane>? _lanes;

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
                return _deliveries is null || _deliveries.TrueForAll(delivery => delivery.IsDone);
            }
        }
    }

    /// <summary>The delivery of a fact; null before the first and after every handler is done with it.</summary>
    public InlineDelivery? Find(string factKey) => _deliveries?.Find(delivery => delivery.FactKey == factKey);

    public void Add(InlineDelivery delivery) => (_deliveries ??= []).Add(delivery);

    /// <summary>Lets go of the deliveries that every handler is done with. That they were there is in <see cref="History"/>.</summary>
    public void DropDone()
    {
        _deliveries?.RemoveAll(delivery => delivery is { IsDone: true, Running: null });
        _deliveries = _deliveries is { Count: 0 } ? null : _deliveries;
    }

    /// <summary>What a handler is owed up to a delivery, oldest first.</summary>
    public InlineDelivery[] OwedTo(CallHandlerRegistration handler, InlineDelivery upTo)
    {
        lock (Gate)
        {
            return _deliveries is null ? [] : [.. _deliveries.Take(_deliveries.IndexOf(upTo) + 1).Where(delivery => delivery.Owes(handler))];
        }
    }

    /// <summary>Waits until the handler is done with the call's events before; then the caller has the lane until it leaves it.</summary>
    public async ValueTask<HandlerLane> EnterAsync(CallHandlerRegistration handler, CancellationToken cancellationToken = default)
    {
        var lane = Join(handler);
        try
        {
            await lane.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            return lane;
        }
        catch
        {
            Part(lane);
            throw;
        }
    }

    public void Leave(HandlerLane lane)
    {
        lane.Turn.Release();
        Part(lane);
    }

    private HandlerLane Join(CallHandlerRegistration handler)
    {
        lock (Gate)
        {
            _lanes ??= [];
            if (_lanes.Find(lane => lane.Handler.Equals(handler)) is not { } lane)
            {
                _lanes.Add(lane = new(handler));
            }

            lane.Users++;
            return lane;
        }
    }

    private void Part(HandlerLane lane)
    {
        lock (Gate)
        {
            if (--lane.Users == 0)
            {
                _lanes!.Remove(lane);
                _lanes = _lanes.Count == 0 ? null : _lanes;
            }
        }
    }
}
