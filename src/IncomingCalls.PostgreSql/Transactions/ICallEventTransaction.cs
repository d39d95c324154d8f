using Npgsql;

namespace IncomingCalls;

/// <summary>
/// The database transaction that ends the delivery of an event. What a handler writes in it is committed together with the end of the delivery, so its effect
/// occurs exactly once, whatever ends the process. Inject it into a handler; it is a scoped service of the PostgreSQL inbox.
/// </summary>
/// <remarks>
/// The handler's tables must be in the database of the inbox. A handler that does not call <see cref="BeginAsync"/> has no part in the transaction. Not thread-safe.
/// </remarks>
public interface ICallEventTransaction
{
    /// <summary>Gets the transaction, for use with Npgsql, Dapper or EF Core.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>
    /// A task whose result is the transaction with its connection. Do not commit it, roll it back or dispose of it: the inbox commits it when the handler succeeds,
    /// and rolls back what the handler has written when it fails. The database refuses a commit by the handler.
    /// </returns>
    /// <exception cref="InvalidOperationException">The code does not run in a handler of an event, or its attempt has ended.</exception>
    ValueTask<NpgsqlTransaction> BeginAsync(CancellationToken cancellationToken);
}
