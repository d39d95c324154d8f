using IncomingCalls.Inbox;

namespace IncomingCalls.Sqlite;

/// <summary>The open callbacks in the inbox file. They are read with a connection of their own, beside the writer.</summary>
internal sealed class SqliteCallbacks(SqliteInbox inbox, SqliteInboxFile file) : ICallbacks
{
    public ValueTask<IReadOnlyList<OpenCallback>> ListAsync(OpenCallbackFilter? filter, int limit, OpenCallback? after, CancellationToken cancellationToken)
    {
        var request = CallbackListRequest.Create(filter, limit, after);
        return file.ReadPersonsAsync((persons, now) => persons.List(request, now), cancellationToken);
    }

    public ValueTask<OpenCallback?> FindAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        return file.ReadPersonsAsync((persons, now) => persons.FindOpen(person, now), cancellationToken);
    }

    public async ValueTask<bool> CloseAsync(Person person, string? by, DateTimeOffset at, string? how, CancellationToken cancellationToken) =>
        await inbox.CloseCallbackAsync(CallbackCloseRequest.Create(person, by, at, how)).WaitAsync(cancellationToken).ConfigureAwait(false);
}
