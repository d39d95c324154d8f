using IncomingCalls.Calls;
using IncomingCalls.Handling;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>A call in memory: what is known of it, and what its handlers are still owed.</summary>
internal sealed class InMemoryCall(CallKey key)
{
    // What a finished call keeps stays for days, and tens of thousands of them at once: an inbox whose calls kept their
    // deliveries and lanes spent a fifth of its time in the collector. So both are there only while something is under way.
    private List<InMemoryDelivery>? _deliveries;
    private List<HandlerLane>? _lanes;
    private Call? _current;

    /// <summary>Guards everything here; no handler ever runs inside.</summary>
    public Lock Gate { get; } = new();

    public CallKey Key { get; } = key;

    public CallHistory? History { get; private set; }

    /// <summary>The call as it is now; handlers read it when an attempt starts.</summary>
    public Call Current => _current ?? (History is { } history ? CallProjection.Project(history) : new() { Key = Key });

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
    public InMemoryDelivery? Find(string factKey) => _deliveries?.Find(delivery => delivery.FactKey == factKey);

    /// <summary>Something happened to the call.</summary>
    public void Add(CallTransition step, InMemoryDelivery delivery)
    {
        History = step.History;
        _current = step.Call;
        (_deliveries ??= []).Add(delivery);
        RemoveDone();
    }

    /// <summary>Lets go of the deliveries that every handler is done with. That they were there is in <see cref="History"/>.</summary>
    public void RemoveDone()
    {
        _deliveries?.RemoveAll(static delivery => delivery is { IsDone: true, IsRunning: false });
        if (_deliveries is null or { Count: 0 })
        {
            (_deliveries, _current) = (null, null);
        }
    }

    /// <summary>What a handler is owed up to a delivery, oldest first.</summary>
    public InMemoryDelivery[] PendingFor(CallHandlerRegistration handler, InMemoryDelivery upTo)
    {
        lock (Gate)
        {
            return _deliveries switch
            {
                null => [],
                // As nearly always, and then it needs no query.
                [var only] => only == upTo && only.IsPendingFor(handler) ? [only] : [],
                _ => [.. _deliveries.Take(_deliveries.IndexOf(upTo) + 1).Where(delivery => delivery.IsPendingFor(handler))],
            };
        }
    }

    /// <summary>Waits until the handler is done with the call's events before; then the caller has the lane until it leaves it.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="budget">Ends the wait; null for never.</param>
    public ValueTask<HandlerLane> AcquireLaneAsync(CallHandlerRegistration handler, AcknowledgementDeadline? budget = null)
    {
        var lane = AddUser(handler, out var turn);
        return turn is null ? new(lane) : WaitForLaneAsync(lane, turn, budget?.Token ?? CancellationToken.None);
    }

    /// <summary>Leaves it to the next who waits. One who no longer does leaves the turn lying for whoever comes.</summary>
    public void ReleaseLane(HandlerLane lane)
    {
        lock (Gate)
        {
            if (!RemoveUser(lane))
            {
                lane.Semaphore!.Release();
            }
        }
    }

    private async ValueTask<HandlerLane> WaitForLaneAsync(HandlerLane lane, SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            return lane;
        }
        catch
        {
            lock (Gate)
            {
                RemoveUser(lane);
            }

            throw;
        }
    }

    private HandlerLane AddUser(CallHandlerRegistration handler, out SemaphoreSlim? turn)
    {
        lock (Gate)
        {
            _lanes ??= [];
            if (Find(_lanes, handler) is not { } lane)
            {
                _lanes.Add(lane = new(handler));
            }

            turn = lane.Users++ == 0 ? null : lane.Semaphore ??= new(0);
            return lane;
        }
    }

    /// <summary>Whether it was the last in the lane.</summary>
    private bool RemoveUser(HandlerLane lane)
    {
        if (--lane.Users > 0)
        {
            return false;
        }

        _lanes!.Remove(lane);
        _lanes = _lanes.Count == 0 ? null : _lanes;
        return true;
    }

    private static HandlerLane? Find(List<HandlerLane> lanes, CallHandlerRegistration handler)
    {
        foreach (var lane in lanes)
        {
            if (lane.Handler.Equals(handler))
            {
                return lane;
            }
        }

        return null;
    }
}

/// <summary>A handler sees the events of a call one after another: its lane lets one through at a time.</summary>
internal sealed class HandlerLane(CallHandlerRegistration handler)
{
    public CallHandlerRegistration Handler => handler;

    /// <summary>What those behind the first wait for; null while nobody ever was. Guarded by the call.</summary>
    public SemaphoreSlim? Semaphore { get; set; }

    /// <summary>How many are in it or wait for it; guarded by the call.</summary>
    public int Users { get; set; }
}
