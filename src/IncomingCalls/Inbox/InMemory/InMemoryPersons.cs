namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The persons in memory. Each change renews the lifetime of a state, so the order of the last changes is that of expiry. As many as calls; above that the person who has called least
/// recently is dropped. Used under the lock of the store.
/// </summary>
/// <param name="capacity">Gets the maximum number of persons.</param>
/// <param name="time">The clock.</param>
internal sealed class InMemoryPersons(Func<int> capacity, TimeProvider time)
{
    private readonly Dictionary<Person, LinkedListNode<Entry>> _nodes = [];
    private readonly LinkedList<Entry> _oldestFirst = [];
    private long _lastId;

    /// <summary>Finds the state of a person; null when there is none. One that has expired may be returned.</summary>
    public PersonState? Find(Person person) => _nodes.TryGetValue(person, out var node) ? node.Value.State : null;

    public OpenCallback? FindOpen(Person person) => _nodes.TryGetValue(person, out var node) ? node.Value.State.ToOpenCallback(node.Value.Id, time.GetUtcNow()) : null;

    public IReadOnlyList<OpenCallback> List(CallbackListRequest request)
    {
        var now = time.GetUtcNow();
        return
        [
            .. _oldestFirst
                .Select(entry => entry.State.ToOpenCallback(entry.Id, now))
                .OfType<OpenCallback>()
                .Where(callback => IsAfter(callback, request) && request.Selects(callback))
                .OrderBy(static callback => callback.FirstMissedAt)
                .ThenBy(static callback => callback.Id)
                .Take(request.Limit),
        ];
    }

    public void Set(PersonState state)
    {
        var id = ++_lastId;
        if (_nodes.Remove(state.Person, out var node))
        {
            id = node.Value.Id;
            _oldestFirst.Remove(node);
        }

        _nodes[state.Person] = _oldestFirst.AddLast(new Entry(id, state));
        for (var first = _oldestFirst.First; first is not null && (_nodes.Count > capacity() || first.Value.State.ExpiresAt <= time.GetUtcNow()); first = _oldestFirst.First)
        {
            _oldestFirst.RemoveFirst();
            _nodes.Remove(first.Value.State.Person);
        }
    }

    private static bool IsAfter(OpenCallback callback, CallbackListRequest request) =>
        request.AfterMissedAt is not { } missedAt || callback.FirstMissedAt > missedAt || (callback.FirstMissedAt == missedAt && callback.Id > request.AfterId);

    private sealed record Entry(long Id, PersonState State);
}
