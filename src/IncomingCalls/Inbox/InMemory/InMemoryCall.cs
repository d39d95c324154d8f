using IncomingCalls.Calls;
using IncomingCalls.Handling;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>A call in memory: its history and its pending deliveries.</summary>
internal sealed class InMemoryCall(CallKey key)
{
    // Finished calls remain in memory for days, tens of thousands of them at once: an inbox whose calls retained their deliveries and lanes
    // spent a fifth of its time in the garbage collector. So both exist only while deliveries are pending.
    private List<InMemoryDelivery>? _deliveries;
    private List<HandlerLane>? _lanes;
    private Call? _current;

    /// <summary>Guards the state of the call. It is never held while a handler runs.</summary>
    public Lock Gate { get; } = new();

    public CallKey Key { get; } = key;

    public CallHistory? History { get; private set; }

    /// <summary>The present state of the call, which handlers receive when an attempt starts.</summary>
    public Call Current => _current ?? (History is { } history ? CallProjection.Project(history) : new() { Key = Key });

    /// <summary>Whether no delivery is pending, so that the call may be evicted.</summary>
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

    /// <summary>Finds the delivery of a fact; returns null when the fact is new or its delivery is done.</summary>
    public InMemoryDelivery? Find(string factKey) => _deliveries?.Find(delivery => delivery.FactKey == factKey);

    /// <summary>Applies a transition and adds its delivery.</summary>
    public void Add(CallTransition step, InMemoryDelivery delivery)
    {
        History = step.History;
        _current = step.Call;
        (_deliveries ??= []).Add(delivery);
        RemoveDone();
    }

    /// <summary>Removes the deliveries that are done. Their facts remain in <see cref="History"/>.</summary>
    public void RemoveDone()
    {
        _deliveries?.RemoveAll(static delivery => delivery is { IsDone: true, IsRunning: false });
        if (_deliveries is null or { Count: 0 })
        {
            (_deliveries, _current) = (null, null);
        }
    }

    /// <summary>Gets the deliveries that are pending for a handler up to a given one, oldest first.</summary>
    public InMemoryDelivery[] PendingFor(CallHandlerRegistration handler, InMemoryDelivery upTo)
    {
        lock (Gate)
        {
            return _deliveries switch
            {
                null => [],
                // Fast path: nearly always there is one delivery.
                [var only] => only == upTo && only.IsPendingFor(handler) ? [only] : [],
                _ => [.. _deliveries.Take(_deliveries.IndexOf(upTo) + 1).Where(delivery => delivery.IsPendingFor(handler))],
            };
        }
    }

    /// <summary>Acquires the lane of a handler, after waiting until the handler has finished the earlier events of the call.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="deadline">Ends the wait; null for no deadline.</param>
    public ValueTask<HandlerLane> AcquireLaneAsync(CallHandlerRegistration handler, AcknowledgementDeadline? deadline = null)
    {
        var lane = AddUser(handler, out var semaphore);
        return semaphore is null ? new(lane) : WaitForLaneAsync(lane, semaphore, deadline?.Token ?? CancellationToken.None);
    }

    /// <summary>Releases the lane to the next waiter. If a waiter was cancelled, its permit remains available.</summary>
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

    private async ValueTask<HandlerLane> WaitForLaneAsync(HandlerLane lane, SemaphoreSlim semaphore, CancellationToken cancellationToken)
    {
        try
        {
            await semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
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

    private HandlerLane AddUser(CallHandlerRegistration handler, out SemaphoreSlim? semaphore)
    {
        lock (Gate)
        {
            _lanes ??= [];
            if (Find(_lanes, handler) is not { } lane)
            {
                _lanes.Add(lane = new(handler));
            }

            semaphore = lane.Users++ == 0 ? null : lane.Semaphore ??= new(0);
            return lane;
        }
    }

    /// <summary>Removes a user of the lane; returns whether it was the last one.</summary>
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

/// <summary>The lane of a call and a handler, which admits one attempt at a time, so that the handler handles the events of the call in order.</summary>
internal sealed class HandlerLane(CallHandlerRegistration handler)
{
    public CallHandlerRegistration Handler => handler;

    /// <summary>The semaphore that waiters wait for; null until there is a waiter. Guarded by the call.</summary>
    public SemaphoreSlim? Semaphore { get; set; }

    /// <summary>The number of holders and waiters; guarded by the call.</summary>
    public int Users { get; set; }
}
