using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Chooses which of the known due deliveries this node claims next: at most so many at once, at most four of one handler and instance, and at most half of
/// one handler, so that handlers that hang do not stop a node. Operator alerts are not limited. Thread-safe.
/// </summary>
/// <param name="maxConcurrent">The maximum number of claims.</param>
/// <param name="start">Starts a claim; the scheduler is told with <see cref="OnEnded"/> when it has ended.</param>
internal sealed class DeliveryScheduler(int maxConcurrent, Action<DueDelivery, bool> start)
{
    private const int MaxPerLane = 4;

    /// <summary>What is not remembered here is found by the next look.</summary>
    private const int MaxWaiting = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, bool> _known = [];
    private readonly LinkedList<DueDelivery> _waiting = [];
    private readonly Dictionary<(string, long), int> _lanes = [];
    private readonly Dictionary<string, int> _handlers = [];
    private int _running;

    private int MaxPerHandler => Math.Max(1, maxConcurrent / 2);

    /// <summary>Adds deliveries that are due.</summary>
    /// <param name="deliveries">The deliveries. Those that wait here or run on this node already are ignored.</param>
    /// <param name="isSignalled">Whether what the deliveries wait for has occurred, although their time has not come.</param>
    public void Add(IEnumerable<DueDelivery> deliveries, bool isSignalled = false)
    {
        List<(DueDelivery, bool)> ready = [];
        lock (_gate)
        {
            foreach (var delivery in deliveries)
            {
                if (delivery.IsNotifier ? _known.TryAdd(delivery.Id, isSignalled) : _waiting.Count < MaxWaiting && _known.TryAdd(delivery.Id, isSignalled))
                {
                    if (delivery.IsNotifier)
                    {
                        ready.Add((delivery, isSignalled));
                    }
                    else
                    {
                        _waiting.AddLast(delivery);
                    }
                }
            }

            TakeReady(ready);
        }

        ready.ForEach(item => start(item.Item1, item.Item2));
    }

    /// <summary>Records that a claim has ended, whatever its result.</summary>
    public void OnEnded(DueDelivery delivery)
    {
        List<(DueDelivery, bool)> ready = [];
        lock (_gate)
        {
            _known.Remove(delivery.Id);
            if (!delivery.IsNotifier)
            {
                _running--;
                Decrement(_lanes, (delivery.HandlerName, delivery.IdInstance));
                Decrement(_handlers, delivery.HandlerName);
            }

            TakeReady(ready);
        }

        ready.ForEach(item => start(item.Item1, item.Item2));
    }

    private void TakeReady(List<(DueDelivery, bool)> ready)
    {
        for (var node = _waiting.First; node is not null && _running < maxConcurrent;)
        {
            var (next, delivery) = (node.Next, node.Value);
            var lane = (delivery.HandlerName, delivery.IdInstance);
            if (_lanes.GetValueOrDefault(lane) < MaxPerLane && _handlers.GetValueOrDefault(delivery.HandlerName) < MaxPerHandler)
            {
                _waiting.Remove(node);
                _running++;
                _lanes[lane] = _lanes.GetValueOrDefault(lane) + 1;
                _handlers[delivery.HandlerName] = _handlers.GetValueOrDefault(delivery.HandlerName) + 1;
                ready.Add((delivery, _known[delivery.Id]));
            }

            node = next;
        }
    }

    private static void Decrement<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }
}
