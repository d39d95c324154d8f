namespace IncomingCalls.Fakes.Crm.Portals;

/// <summary>The todo items of one portal.</summary>
internal sealed class PortalItems(string portal, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<TodoItem> _records = [];

    public IReadOnlyList<TodoItem> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Opens an item. Assumed, as of notes and tasks, which have no idempotency key (documented, amoCRM): a second one of the same person is stored.</summary>
    public TodoItem Open(string person, string? text)
    {
        lock (_gate)
        {
            var item = new TodoItem { Id = $"item-{portal}-{_records.Count + 1}", Person = person, Text = text, OpenedAt = time.GetUtcNow() };
            _records.Add(item);
            return item;
        }
    }

    public IReadOnlyList<TodoItem> Find(string person) => [.. Records.Where(item => item.Person == person)];

    /// <summary>Closes an item. Assumed: closing a closed item changes nothing.</summary>
    /// <returns>The item; null for an unknown id.</returns>
    public TodoItem? Close(string id)
    {
        lock (_gate)
        {
            var index = _records.FindIndex(item => item.Id == id);
            return index < 0 ? null : _records[index] = _records[index] with { ClosedAt = _records[index].ClosedAt ?? time.GetUtcNow() };
        }
    }
}
