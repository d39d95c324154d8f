namespace IncomingCalls.Inbox;

/// <summary>The callbacks of an inbox that stores none.</summary>
/// <param name="inbox">The type of the inbox.</param>
internal sealed class UnsupportedCallbacks(Type inbox) : ICallbacks
{
    public ValueTask<IReadOnlyList<OpenCallback>> ListAsync(OpenCallbackFilter? filter, int limit, OpenCallback? after, CancellationToken cancellationToken) => throw CreateException();

    public ValueTask<OpenCallback?> FindAsync(Person person, CancellationToken cancellationToken) => throw CreateException();

    public ValueTask<bool> CloseAsync(Person person, string? by, DateTimeOffset at, string? how, CancellationToken cancellationToken) => throw CreateException();

    private NotSupportedException CreateException() => new($"The inbox {inbox.Name} stores no callbacks. Use the in-memory, the SQLite, the PostgreSQL or the Orleans inbox.");
}
