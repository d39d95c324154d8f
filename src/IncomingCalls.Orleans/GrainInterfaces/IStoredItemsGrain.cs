using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>The operations of an operator on a collection of stored items. The cluster has one grain of each kind; its key is 0.</summary>
[Alias("IncomingCalls.IShelfGrain")]
internal interface IStoredItemsGrain : IGrainWithIntegerKey, IKeepAliveGrain
{
    [Alias("Count")]
    Task<int> CountAsync();

    [Alias("List")]
    Task<StoredItem[]> ListAsync(int limit, long after);

    /// <summary>Requests the replay of items.</summary>
    /// <param name="ids">The items; null for all.</param>
    /// <param name="action">The <see cref="AdministrationLogEntry"/> of the action; the grain sets its id, time and count.</param>
    [Alias("Replay")]
    Task<int> ReplayAsync(long[]? ids, JsonPayload action);

    /// <summary>Deletes items.</summary>
    /// <param name="ids">The items; null for all.</param>
    /// <param name="action">The <see cref="AdministrationLogEntry"/> of the action; the grain sets its id, time and count.</param>
    [Alias("Purge")]
    Task<int> PurgeAsync(long[]? ids, JsonPayload action);

    /// <summary>Deletes items without recording it, and the actions whose text contains the erased person.</summary>
    /// <param name="ids">The items.</param>
    /// <param name="report">The <see cref="ErasureReport"/>.</param>
    [Alias("Erase")]
    Task<ErasedItems> EraseAsync(long[] ids, JsonPayload report);

    /// <summary>Gets the newest actions, newest first, as <see cref="AdministrationLogEntry"/>.</summary>
    [Alias("ListLog")]
    Task<JsonPayload[]> ListLogAsync(int limit);
}

/// <summary>What was erased of a collection, in messages between nodes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.ErasedItems")]
internal sealed class ErasedItems
{
    [Id(0)]
    public required int Items { get; init; }

    [Id(1)]
    public required int LogEntries { get; init; }
}

/// <summary>A stored item, in messages between nodes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.ShelfItem")]
internal sealed class StoredItem
{
    [Id(0)]
    public required long Id { get; init; }

    [Id(1)]
    public required byte[] Document { get; init; }

    [Id(2)]
    public bool IsReplayRequested { get; init; }
}

/// <summary>The grain that stores the dead letters of the cluster.</summary>
[Alias("IncomingCalls.IDeadLettersGrain")]
internal interface IDeadLettersGrain : IStoredItemsGrain
{
    /// <summary>Stores a dead letter, and replaces an earlier one of the same event and handler.</summary>
    [Alias("Put")]
    Task PutAsync(JsonPayload letter);
}

/// <summary>The grain that stores the quarantine of the cluster.</summary>
[Alias("IncomingCalls.IQuarantineGrain")]
internal interface IQuarantineGrain : IStoredItemsGrain
{
    /// <summary>Stores a notification, which may be acknowledged when the task completes.</summary>
    [Alias("Put")]
    Task PutAsync(QuarantineDocument item, byte[] utf8Json);

    /// <summary>Reads the bytes of a notification; null when there is no such item.</summary>
    [Alias("Read")]
    Task<byte[]?> ReadAsync(long id);
}
