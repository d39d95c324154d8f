using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.Shared;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Chooses which of the known due deliveries this node claims next: at most so many at once, a few of one handler and instance, and at most half of one handler, so that
/// handlers that hang do not stop a node. Deliveries and operator alerts have a scheduler each. Thread-safe.
/// </summary>
/// <param name="maxConcurrent">The maximum number of claims.</param>
/// <param name="maxPerLane">The maximum number of claims of one handler and instance.</param>
/// <param name="handlers">The number of handlers of the node. A single one may use all claims.</param>
/// <param name="time">The clock.</param>
/// <param name="look">Called when the last known delivery of a handler and instance was started of which some were not remembered: a look finds them.</param>
/// <param name="start">Starts a claim. Call <see cref="OnEnded"/> when the claim has ended.</param>
internal sealed class DeliveryScheduler(int maxConcurrent, int maxPerLane, int handlers, TimeProvider time, Action look, Action<DueDelivery, bool> start) : IDisposable
{
    /// <summary>How many deliveries of one handler and instance are remembered; the others are found by a later look. A slow handler fills only its own share. No look finds those whose signal has come before their time, so they are all remembered.</summary>
    private const int MaxWaitingPerLane = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, bool> _known = [];
    private readonly LinkedList<DueDelivery> _waiting = [];
    private readonly Dictionary<LaneGroup, int> _lanes = [];
    private readonly Dictionary<LaneGroup, int> _waitingByLane = [];
    private readonly Dictionary<string, int> _handlers = [];

    /// <summary>Handlers and instances of which there are more deliveries, and whether this node has claimed one since: if it has not, they are those of other nodes, and the regular looks are enough.</summary>
    private readonly Dictionary<LaneGroup, bool> _overflowed = [];

    /// <summary>Lanes that have no further permit before a time.</summary>
    private readonly Dictionary<LaneGroup, DateTimeOffset> _closed = [];

    private EarliestTimer? _opening;
    private int _running;

    private int MaxPerHandler => Math.Max(1, maxConcurrent / 2);

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
                var lane = delivery.Lane;
                if (!isSignalled && _waitingByLane.GetValueOrDefault(lane) >= MaxWaitingPerLane)
                {
                    _overflowed.TryAdd(lane, false);
                }
                else if (_known.TryAdd(delivery.Id, isSignalled))
                {
                    _waiting.AddLast(delivery);
                    Increment(_waitingByLane, lane);
                    if (hasMore)
                    {
                        _overflowed.TryAdd(lane, false);
                    }
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
            _closed[lane] = until;
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
            if (end.IsHeldBack)
            {
                _waiting.AddFirst(delivery);
                Increment(_waitingByLane, delivery.Lane);
            }
            else
            {
                _known.Remove(delivery.Id);
            }

            _running--;
            Decrement(_lanes, delivery.Lane);
            Decrement(_handlers, delivery.HandlerName);
            if (end.IsClaimed && _overflowed.ContainsKey(delivery.Lane))
            {
                _overflowed[delivery.Lane] = true;
            }

            isDrained = TakeReady(ready);
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
        for (var node = _waiting.First; node is not null && _running < maxConcurrent;)
        {
            var (next, delivery) = (node.Next, node.Value);
            var lane = delivery.Lane;
            if (_lanes.GetValueOrDefault(lane) < maxPerLane && MayStart(delivery.HandlerName) && IsOpen(lane, now) && IsOpen(AllLanesOf(delivery.HandlerName), now))
            {
                _waiting.Remove(node);
                Decrement(_waitingByLane, lane);
                isDrained |= !_waitingByLane.ContainsKey(lane) && _overflowed.Remove(lane, out var hasClaimed) && hasClaimed;
                _running++;
                Increment(_lanes, lane);
                Increment(_handlers, delivery.HandlerName);
                ready.Add((delivery, _known[delivery.Id]));
            }

            node = next;
        }

        return isDrained;
    }

    private bool IsOpen(LaneGroup lane, DateTimeOffset now) => !_closed.TryGetValue(lane, out var until) || (until <= now && _closed.Remove(lane));

    /// <summary>A handler that runs already leaves the last claim to one that does not, so that handlers that hang stop no other.</summary>
    private bool MayStart(string handler)
    {
        var running = _handlers.GetValueOrDefault(handler);
        return running == 0 || handlers == 1 || (running < MaxPerHandler && _running < maxConcurrent - 1);
    }

    private static void Increment<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static void Decrement<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }
}
