using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// Reads or writes values of handlers. Reads go through the queue of the writer as well: they see what is committed, and share the commit of the operations around them.
/// </summary>
/// <param name="apply">Reads or writes the table, given the erasures. It may run again after a rollback.</param>
internal sealed class HandlerValueOperation<T>(Func<HandlerValueTable, ErasureList, T> apply) : WriteOperation
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    /// <summary>Completes with the result when the transaction is committed.</summary>
    public Task<T> Result => _completion.Task;

    public override void Apply(InboxTransaction transaction) => _result = apply(transaction.HandlerValues, transaction.Erasures);

    public override void OnCommitted() => _completion.SetResult(_result);

    public override void OnRolledBack(Exception reason) =>
        _completion.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}

/// <summary>Deletes values of handlers that have expired, in small batches.</summary>
internal sealed class DeleteExpiredValuesOperation(TimeProvider time, SqliteCallStore store) : WriteOperation
{
    /// <summary>The number of rows per transaction, so that other operations wait for one no longer than for a commit.</summary>
    private const int BatchSize = 100;

    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(25);

    private int _deleted;

    public override void Apply(InboxTransaction transaction) => _deleted = transaction.HandlerValues.DeleteExpired(time.GetUtcNow(), BatchSize);

    public override void OnCommitted()
    {
        if (_deleted == BatchSize)
        {
            store.PostLater(this, BatchDelay);
        }
    }
}
