namespace IncomingCalls.Infrastructure;

/// <summary>A dictionary that forgets: entries after their lifetime, and the oldest when there are too many. Safe from any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">How many entries to keep, asked at each addition.</param>
/// <param name="mayForget">Whether an entry may go for lack of room or for its age; null when all may.</param>
internal sealed class ExpiringCache<TKey, TValue>(TimeProvider time, Func<int> capacity, Func<TValue, bool>? mayForget = null)
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

    /// <summary>Keeps a value, in place of an older one.</summary>
    public void Set(TKey key, TValue value, TimeSpan lifetime)
    {
        lock (_gate)
        {
            Store(_nodes.GetValueOrDefault(key), key, value, lifetime);
        }
    }

    /// <summary>The value of the key, made when there is none; its lifetime starts anew.</summary>
    public TValue GetOrRenew(TKey key, Func<TKey, TValue> make, TimeSpan lifetime)
    {
        lock (_gate)
        {
            var value = _nodes.TryGetValue(key, out var node) && !HasExpired(in node.ValueRef) ? node.ValueRef.Value : make(key);
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

    private bool HasExpired(in Entry entry) => IsOld(in entry, time.GetUtcNow()) && MayEvict(in entry);

    private static bool IsOld(in Entry entry, DateTimeOffset now) => now >= entry.ExpiresAt;

    private bool MayEvict(in Entry entry) => mayForget?.Invoke(entry.Value) ?? true;

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
        var room = capacity();
        // One that may not go yet is passed over: those behind it are none of its business.
        for (var node = _oldestFirst.First; node is not null && (_nodes.Count > room || IsOld(in node.ValueRef, now));)
        {
            var next = node.Next;
            if (node != _oldestFirst.Last && MayEvict(in node.ValueRef))
            {
                _oldestFirst.Remove(node);
                _nodes.Remove(node.ValueRef.Key);
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

    /// <summary>Lies in its node: what is kept for days is walked by the collector again and again, so it has few parts.</summary>
    private readonly record struct Entry(TKey Key, TValue Value, DateTimeOffset ExpiresAt);
}
