namespace IncomingCalls.Infrastructure;

/// <summary>A dictionary that evicts entries that have expired, and the oldest entries above a capacity. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">Gets the maximum number of entries; called at each addition.</param>
/// <param name="canEvict">Whether a value may be evicted, by capacity or by age; null if all may.</param>
/// <param name="onEvicted">Called for each value that is evicted by capacity or by age; null for none.</param>
internal sealed class ExpiringCache<TKey, TValue>(TimeProvider time, Func<int> capacity, Func<TValue, bool>? canEvict = null, Action<TValue>? onEvicted = null)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _nodes = [];
    private readonly LinkedList<Entry> _oldestFirst = [];

    public bool TryGet(TKey key, out TValue value)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(key, out var node) && !HasExpired(in node.ValueRef))
            {
                value = node.ValueRef.Value;
                return true;
            }

            value = default!;
            return false;
        }
    }

    /// <summary>Stores a value and replaces an existing one.</summary>
    public void Set(TKey key, TValue value, TimeSpan lifetime)
    {
        lock (_gate)
        {
            Store(_nodes.GetValueOrDefault(key), key, value, lifetime);
        }
    }

    /// <summary>Gets the value of a key, or creates it if there is none, and restarts its lifetime.</summary>
    public TValue GetOrRenew(TKey key, Func<TKey, TValue> create, TimeSpan lifetime)
    {
        lock (_gate)
        {
            var value = _nodes.TryGetValue(key, out var node) && !HasExpired(in node.ValueRef) ? node.ValueRef.Value : create(key);
            Store(node, key, value, lifetime);
            return value;
        }
    }

    public void Evict(TKey key)
    {
        lock (_gate)
        {
            Remove(key);
        }
    }

    private bool HasExpired(in Entry entry) => IsPastExpiry(in entry, time.GetUtcNow()) && CanEvict(in entry);

    private static bool IsPastExpiry(in Entry entry, DateTimeOffset now) => now >= entry.ExpiresAt;

    private bool CanEvict(in Entry entry) => canEvict?.Invoke(entry.Value) ?? true;

    private void Store(LinkedListNode<Entry>? node, TKey key, TValue value, TimeSpan lifetime)
    {
        var now = time.GetUtcNow();
        if (node is null)
        {
            _nodes[key] = _oldestFirst.AddLast(new Entry(key, value, now + lifetime));
        }
        else
        {
            _oldestFirst.Remove(node);
            _oldestFirst.AddLast(node);
            node.ValueRef = new(key, value, now + lifetime);
        }

        Trim(now);
    }

    private void Trim(DateTimeOffset now)
    {
        var limit = capacity();
        // An entry that may not be evicted yet is skipped; it does not protect the entries behind it.
        for (var node = _oldestFirst.First; node is not null && (_nodes.Count > limit || IsPastExpiry(in node.ValueRef, now));)
        {
            var next = node.Next;
            if (node != _oldestFirst.Last && CanEvict(in node.ValueRef))
            {
                _oldestFirst.Remove(node);
                _nodes.Remove(node.ValueRef.Key);
                onEvicted?.Invoke(node.ValueRef.Value);
            }

            node = next;
        }
    }

    private void Remove(TKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _oldestFirst.Remove(node);
        }
    }

    /// <summary>A struct, stored inline in its list node: entries live for days, and the garbage collector has to trace every object at each collection.</summary>
    private readonly record struct Entry(TKey Key, TValue Value, DateTimeOffset ExpiresAt);
}
