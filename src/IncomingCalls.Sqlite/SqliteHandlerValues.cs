using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;

namespace IncomingCalls.Sqlite;

/// <summary>The values of handlers in the inbox file.</summary>
internal sealed class SqliteHandlerValues(SqliteInbox inbox, TimeProvider time) : IHandlerValueStore
{
    public ValueTask<string?> GetAsync(HandlerAttempt attempt, HandlerKey key, CancellationToken cancellationToken) =>
        RunAsync((values, _) => values.Find(attempt.HandlerName, key, time.GetUtcNow()), cancellationToken);

    public async ValueTask SaveAsync(HandlerAttempt attempt, HandlerKey key, string value, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var expiry = expiresAt ?? time.GetUtcNow() + IHandlerValueStore.DefaultLifetime;
        await RunAsync(
            (values, erasures) =>
            {
                if (!erasures.Discards(attempt, key))
                {
                    values.Save(attempt.HandlerName, key, value, expiry);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<bool> TryReserveAsync(HandlerAttempt attempt, HandlerKey key, DateTimeOffset until, CancellationToken cancellationToken) =>
        RunAsync((values, erasures) => !erasures.Discards(attempt, key) && values.TryReserve(attempt.HandlerName, key, until, time.GetUtcNow()), cancellationToken);

    private ValueTask<T> RunAsync<T>(Func<HandlerValueTable, ErasureList, T> operation, CancellationToken cancellationToken) => new(inbox.RunAsync(operation).WaitAsync(cancellationToken));
}
