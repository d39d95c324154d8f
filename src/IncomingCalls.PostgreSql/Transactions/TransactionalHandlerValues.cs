using System.Text;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Transactions;

/// <summary>
/// The values of handlers in the database. They are committed at once with another connection than that of the claim, unless the handler takes part in the transaction of the claim: then what it
/// saves is a part of that.
/// </summary>
internal sealed class TransactionalHandlerValues(InboxDatabase database, CurrentClaim current, DatabaseClock time) : IHandlerValueStore
{
    /// <summary>Another attempt may have written the key in its transaction, which can be open for minutes.</summary>
    private const string LockTimeout = "SELECT set_config('lock_timeout', '2s', true)";

    private readonly HandlerValueTable _values = new(database.Schema);
    private readonly ErasureTable _erasures = new(database.Schema);

    public async ValueTask<string?> GetAsync(HandlerAttempt attempt, HandlerKey key, CancellationToken cancellationToken)
    {
        var claim = GetClaim(attempt);
        var find = _values.Find(attempt.HandlerName, key, time.GetUtcNow());
        return claim?.Begun is { } transaction
            ? await ExecuteAsync(transaction, find, ReadValue, cancellationToken)
            : await ExecuteApartAsync((_, transaction) => ExecuteAsync(transaction, find, ReadValue, cancellationToken), cancellationToken);
    }

    public async ValueTask SaveAsync(HandlerAttempt attempt, HandlerKey key, string value, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var claim = GetClaim(attempt);
        var save = _values.Save(attempt.HandlerName, key, value, expiresAt ?? time.GetUtcNow() + IHandlerValueStore.DefaultLifetime, claim?.Id);
        if (claim?.Begun is { } transaction)
        {
            claim.WrittenKeys[key] = true;
            await ExecuteAsync(transaction, save, HandlerValueTable.ReadWritten, cancellationToken);
        }
        else
        {
            await WriteApartAsync(attempt, key, save, cancellationToken);
        }
    }

    public async ValueTask<bool> TryReserveAsync(HandlerAttempt attempt, HandlerKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var claim = GetClaim(attempt);
        if (claim?.WrittenKeys.ContainsKey(key) == true)
        {
            throw new InvalidOperationException(
                $"The handler has saved {key} in the transaction of the event, which is not committed yet, so the key cannot be reserved: a reservation is committed at once. Reserve the key before you save its value, or use another key.");
        }

        return await WriteApartAsync(attempt, key, _values.Reserve(attempt.HandlerName, key, until, time.GetUtcNow(), claim?.Id), cancellationToken);
    }

    /// <summary>Gets the claim of an attempt; null for an alert that is updated or expires outside of one.</summary>
    private ClaimTransaction? GetClaim(HandlerAttempt attempt) => !attempt.HasDelivery ? null
        : current.Value?.Claim ?? throw new InvalidOperationException("There is no attempt of a handler here. Call ICallHandlerStore in the handler of an event, before it starts work on other threads without its execution context.");

    private static string? ReadValue(NpgsqlDataReader row) => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0));

    private static async Task<T?> ExecuteAsync<T>(NpgsqlTransaction transaction, NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection ?? throw new InvalidOperationException("The handler has disposed of the transaction of the event."), transaction);
        batch.BatchCommands.Add(command);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? read(row) : default;
    }

    /// <summary>
    /// Writes a value in a transaction of its own, unless its person was erased after the attempt has started; returns whether it was written. In the transaction of the claim there is nothing to
    /// compare: an erasure waits for its end, and deletes what it has written.
    /// </summary>
    private Task<bool> WriteApartAsync(HandlerAttempt attempt, HandlerKey key, NpgsqlBatchCommand command, CancellationToken cancellationToken) => ExecuteApartAsync(
        async (connection, transaction) =>
        {
            var erasures = await _erasures.FindAfterAsync(connection, attempt.StartedAt, cancellationToken, Parameter.CreateForBatch(LockTimeout));
            return !erasures.Discards(attempt, key) && await ExecuteAsync(transaction, command, HandlerValueTable.ReadWritten, cancellationToken);
        },
        cancellationToken);

    /// <summary>Executes commands in a transaction of their own.</summary>
    /// <exception cref="CallInboxUnavailableException">The database cannot be used, or another transaction has locked the key for too long.</exception>
    private async Task<T> ExecuteApartAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> execute, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.Starts.OpenConnectionAsync(cancellationToken);
            await using var transaction = await database.Starts.BeginTransactionAsync(connection, cancellationToken);
            var result = await execute(connection, transaction);
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new CallInboxUnavailableException("Another attempt has written the key in its transaction, which is still open. The attempt can be repeated.", e);
        }
        catch (Exception e) when (DatabaseFailure.Matches(e))
        {
            throw new CallInboxUnavailableException(DatabaseFailure.Describe(e), e);
        }
    }
}
