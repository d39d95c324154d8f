namespace IncomingCalls.Inbox.InMemory;

/// <summary>The open callbacks of the in-memory inbox, which a restart of the process forgets.</summary>
internal sealed class InMemoryCallbacks(InMemoryInbox inbox) : ICallbacks
{
    public ValueTask<IReadOnlyList<OpenCallback>> ListAsync(OpenCallbackFilter? filter, int limit, OpenCallback? after, CancellationToken cancellationToken)
    {
        var request = CallbackListRequest.Create(filter, limit, after);
        return new(inbox.Store.ReadPersons(persons => persons.List(request)));
    }

    public ValueTask<OpenCallback?> FindAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        return new(inbox.Store.ReadPersons(persons => persons.FindOpen(person)));
    }

    public ValueTask<bool> CloseAsync(Person person, string? by, DateTimeOffset at, string? how, CancellationToken cancellationToken) =>
        new(inbox.Store.TryClose(CallbackCloseRequest.Create(person, by, at, how)));
}
