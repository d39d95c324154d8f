using System.Collections.Immutable;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.StoredItems;

/// <summary>Which items of a collection are deleted without an operator: those beyond the limits, and old ones.</summary>
internal sealed class StoredItemLimits
{
    /// <summary>The maximum number of items of all instances together: the index is one state that is written as a whole.</summary>
    public const int MaxItems = 10_000;

    /// <summary>The maximum number of items of one instance.</summary>
    public required int ItemsPerInstance { get; init; }

    /// <summary>The maximum size of all items together, in bytes.</summary>
    public long Bytes { get; init; } = long.MaxValue;

    /// <summary>How long items are stored.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>Creates the id of an item that is stored at a time. It can be represented exactly by a double, because browsers may display it.</summary>
    public static long CreateId(DateTimeOffset now, long last) => Math.Max(last + 1, now.ToUnixTimeMilliseconds() * 1000);

    /// <summary>Finds the items that were stored before the retention.</summary>
    public IEnumerable<long> FindExpired(ImmutableSortedDictionary<long, StoredItemEntry> items, DateTimeOffset now)
    {
        var first = (now - Retention).ToUnixTimeMilliseconds() * 1000;
        return items.Keys.TakeWhile(id => id < first);
    }

    /// <summary>
    /// Finds the items beyond the limits: the oldest of an instance that has too many, then the oldest of the instance that has the most, so that one instance does not displace the items of
    /// others. The newest item is never one of them.
    /// </summary>
    public IReadOnlyList<long> FindSurplus(ImmutableSortedDictionary<long, StoredItemEntry> items)
    {
        var count = items.Count;
        var bytes = items.Values.Sum(static item => (long)item.Size);
        var instances = items.GroupBy(static item => item.Value.IdInstance).Select(static group => new InstanceItems(group)).ToArray();
        if (count <= MaxItems && bytes <= Bytes && Array.TrueForAll(instances, instance => instance.Count <= ItemsPerInstance))
        {
            return [];
        }

        List<long> surplus = [];
        var newest = items.Keys.Last();
        foreach (var instance in instances)
        {
            while (instance.Count > ItemsPerInstance)
            {
                Remove(instance);
            }
        }

        while (count > MaxItems || bytes > Bytes)
        {
            var candidates = instances.Where(instance => instance.Oldest is { } oldest && oldest != newest);
            if (candidates.MaxBy(instance => count > MaxItems ? instance.Count : instance.Bytes) is not { } largest)
            {
                break;
            }

            Remove(largest);
        }

        return surplus;

        void Remove(InstanceItems instance)
        {
            var (id, size) = instance.RemoveOldest();
            surplus.Add(id);
            count--;
            bytes -= size;
        }
    }

    /// <summary>The items of one instance, oldest first.</summary>
    private sealed class InstanceItems(IEnumerable<KeyValuePair<long, StoredItemEntry>> items)
    {
        private readonly Queue<KeyValuePair<long, StoredItemEntry>> _items = new(items);

        public int Count => _items.Count;

        public long Bytes => _items.Sum(static item => (long)item.Value.Size);

        public long? Oldest => _items.TryPeek(out var item) ? item.Key : null;

        public (long Id, int Size) RemoveOldest()
        {
            var item = _items.Dequeue();
            return (item.Key, item.Value.Size);
        }
    }
}
