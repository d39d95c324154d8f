using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.Shared;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Chooses which of the known due deliveries this node claims next: at most so many at once, a few of one lane (a handler and its destination, or instance), and at most half of one handler,
/// so that handlers and destinations that hang do not stop a node. Deliveries and operator alerts have a scheduler each. Thread-safe.
/// </summary>
/// <param name="maxConcurrent">The maximum number of claims.</param>
/// <param name="maxPerLane">The maximum number of claims of one lane.</param>
/// <param name="handlers">The number of handlers of the node. A single one may use all claims.</param>
/// <param name="time">The clock.</param>
/// <param name="look">Called when the last known delivery of a lane was started of which some were not remembered: a look finds them.</param>
/// <param name="start">Starts a claim. Call <see cref="OnEnded"/> when the claim has ended.</param>
internal sealed class DeliveryScheduler(int maxConcurrent, int maxPerLane, int handlers, TimeProvider time, Action look, Action<DueDelivery, bool> start) : IDisposable
{
    /// <summary>How many deliveries of one lane are remembered; the others are found by a later look. A slow handler fills only its own share. No look finds those whose signal has come before their time, so they are all remembered.</summary>
    private const int MaxWaitingPerLane = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, bool> _known = [];
    private readonly Dictionary<LaneGroup, ClaimLane> _lanes = [];
    private readonly Dictionary<string, HandlerClaims> _handlers = [];

    /// <summary>When lanes have a permit again; null for all lanes of a handler. A lane that was closed for longer since has a later entry too.</summary>
    private readonly PriorityQueue<ClaimLane?, DateTimeOffset> _openings = new();

    private EarliestTimer? _opening;
    private int _running;
    private long _turn;

    private int MaxPerHandler => handlers == 1 ? maxConcurrent : Math.Max(1, maxConcurrent / 2);

    /// <summary>Adds deliveries that are due.</summary>
    /// <param name="deliveries">The deliveries. Those that wait here or run on this node already are ignored.</param>
    /// <param name="isSignalled">Whether what the deliveries wait for has occurred, although their time has not come.</param>
    /// <param name="hasMore">Whether a look has left out others.</param>
    public void Add(IEnumerable<DueDelivery> deliveries, bool isSignalled, bool hasMore)
    {
        List<(DueDelivery, bool)> ready = [];
        lock (_gate)
        {
            foreach (var delivery in deliveries)
            {
                if (!isSignalled && _lanes.TryGetValue(delivery.Lane, out var full) && full.Waiting.Count >= MaxWaitingPerLane)
                {
                    full.HasMore = true;
                }
                else if (_known.TryAdd(delivery.Id, isSignalled))
                {
                    var lane = GetLane(delivery.Lane);
                    lane.Waiting.AddLast(delivery);
                    lane.HasMore |= hasMore;
                    Enqueue(lane);
                }
            }

            TakeReady(ready);
        }

        ready.ForEach(item => start(item.Item1, item.Item2));
    }

    /// <summary>Gets the key with which all lanes of a handler are closed.</summary>
    public static LaneGroup AllLanesOf(string handlerName) => new(handlerName, "");

    /// <summary>Starts nothing more of a lane, or of all lanes of a handler, before a time.</summary>
    public void Close(LaneGroup lane, DateTimeOffset until)
    {
        if (until <= time.GetUtcNow())
        {
            return;
        }

        lock (_gate)
        {
            if (lane == AllLanesOf(lane.HandlerName))
            {
                GetHandler(lane.HandlerName).ClosedUntil = until;
                _openings.Enqueue(null, until);
            }
            else
            {
                var closed = GetLane(lane);
                closed.Handler.Ready.Remove(closed);
                closed.ClosedUntil = until;
                _openings.Enqueue(closed, until);
            }

            _opening ??= new(StartReady, time);
        }

        _opening.Arm(until);
    }

    /// <summary>Records that a claim has ended, whatever its result.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="end">How the claim has ended.</param>
    public void OnEnded(DueDelivery delivery, AttemptEnd end)
    {
        List<(DueDelivery, bool)> ready = [];
        bool isDrained;
        lock (_gate)
        {
            var lane = _lanes[delivery.Lane];
            lane.Handler.Ready.Remove(lane);
            lane.End(++_turn);
            _running--;
            if (end.IsHeldBack)
            {
                lane.Waiting.AddFirst(delivery);
            }
            else
            {
                _known.Remove(delivery.Id);
            }

            lane.HasClaimed |= end.IsClaimed && lane.HasMore;
            Enqueue(lane);
            isDrained = TakeReady(ready);
            RemoveIdle(lane);
        }

        ready.ForEach(item => start(item.Item1, item.Item2));
        if (isDrained)
        {
            look();
        }
    }

    public void Dispose() => _opening?.Dispose();

    private void StartReady()
    {
        List<(DueDelivery, bool)> ready = [];
        bool isDrained;
        lock (_gate)
        {
            isDrained = TakeReady(ready);
        }

        ready.ForEach(item => start(item.Item1, item.Item2));
        if (isDrained)
        {
            look();
        }
    }

    /// <summary>Takes the deliveries that may start now; returns whether none waits any more of a lane of which some were not remembered.</summary>
    private bool TakeReady(List<(DueDelivery, bool)> ready)
    {
        var isDrained = false;
        var now = time.GetUtcNow();
        Open(now);
        while (_running < maxConcurrent && FindNext(now) is { } lane)
        {
            lane.Handler.Ready.Remove(lane);
            var delivery = lane.Start();
            _running++;
            Enqueue(lane);
            isDrained |= lane.TryDrain();
            ready.Add((delivery, _known[delivery.Id]));
        }

        return isDrained;
    }

    /// <summary>Finds the lane that starts the next claim: one with the fewest running claims.</summary>
    private ClaimLane? FindNext(DateTimeOffset now)
    {
        ClaimLane? next = null;
        foreach (var handler in _handlers.Values)
        {
            if (handler.ClosedUntil <= now && handler.Ready.Min is { } lane && MayStart(lane) && (next is null || HandlerClaims.Order.Compare(lane, next) < 0))
            {
                next = lane;
            }
        }

        return next;
    }

    /// <summary>A handler that runs already leaves the last claim to one that does not, and a lane that runs already leaves the last claim of its handler to one that does not, so that those that hang stop no other.</summary>
    private bool MayStart(ClaimLane lane)
    {
        var running = lane.Handler.Running;
        return running == 0 || (running < (lane.Running == 0 ? MaxPerHandler : MaxPerHandler - 1) && (handlers == 1 || _running < maxConcurrent - 1));
    }

    /// <summary>Opens the lanes that have a permit again.</summary>
    private void Open(DateTimeOffset now)
    {
        while (_openings.TryPeek(out var lane, out var at))
        {
            if (at > now)
            {
                // The timer runs at the earliest of the times only.
                _opening!.Arm(at);
                return;
            }

            _openings.Dequeue();
            if (lane is not null && lane.ClosedUntil <= now)
            {
                lane.ClosedUntil = null;
                Enqueue(lane);
                RemoveIdle(lane);
            }
        }
    }

    private void Enqueue(ClaimLane lane)
    {
        if (lane.Waiting.Count > 0 && lane.Running < maxPerLane && lane.ClosedUntil is null)
        {
            lane.Handler.Ready.Add(lane);
        }
    }

    private void RemoveIdle(ClaimLane lane)
    {
        if (lane.IsIdle)
        {
            _lanes.Remove(lane.Group);
        }
    }

    private ClaimLane GetLane(LaneGroup group)
    {
        if (!_lanes.TryGetValue(group, out var lane))
        {
            _lanes.Add(group, lane = new(group, GetHandler(group.HandlerName), ++_turn));
        }

        return lane;
    }

    private HandlerClaims GetHandler(string name)
    {
        if (!_handlers.TryGetValue(name, out var handler))
        {
            _handlers.Add(name, handler = new());
        }

        return handler;
    }
}
