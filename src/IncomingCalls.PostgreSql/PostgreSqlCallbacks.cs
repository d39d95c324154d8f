using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql;

/// <summary>The open callbacks in the database, which all nodes share.</summary>
internal sealed class PostgreSqlCallbacks(PostgreSqlInbox inbox, InboxDatabase database, DatabaseClock time) : ICallbacks
{
    private readonly PersonTable _persons = new(database.Schema);

    public ValueTask<IReadOnlyList<OpenCallback>> ListAsync(OpenCallbackFilter? filter, int limit, OpenCallback? after, CancellationToken cancellationToken)
    {
        var request = CallbackListRequest.Create(filter, limit, after);
        return ReadAsync(() => _persons.ListAsync(database.Other, request, time.GetUtcNow(), cancellationToken));
    }

    public ValueTask<OpenCallback?> FindAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        return ReadAsync(() => _persons.FindOpenAsync(database.Other, person, time.GetUtcNow(), cancellationToken));
    }

    public ValueTask<bool> CloseAsync(Person person, string? by, DateTimeOffset at, string? how, CancellationToken cancellationToken) =>
        inbox.CloseCallbackAsync(CallbackCloseRequest.Create(person, by, at, how), cancellationToken);

    private static async ValueTask<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (DatabaseFailure.Matches(e))
        {
            throw new CallInboxUnavailableException(DatabaseFailure.Describe(e), e);
        }
    }
}
