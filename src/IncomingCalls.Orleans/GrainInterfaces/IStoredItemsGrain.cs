using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>What an operator does with a shelf. There is one of each kind in the cluster; its key is 0.</summary>
[Alias("IncomingCalls.IShelfGrain")]
internal interface IStoredItemsGrain : IGrainWithIntegerKey, IKeepAliveGrain
{
    [Alias("Count")]
    Task<int> CountAsync();

    [Alias("List")]
    Task<StoredItem[]> ListAsync(int limit, long after);

    [Alias("Replay")]
    Task<int> ReplayAsync(long? id);

    [Alias("Purge")]
    Task<int> PurgeAsync(long? id);
}

/// <summary>An item of a shelf, on the wire.</summary>
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

/// <summary>The dead letters of the cluster.</summary>
[Alias("IncomingCalls.IDeadLettersGrain")]
internal interface IDeadLettersGrain : IStoredItemsGrain
{
    /// <summary>Keeps a dead letter. Another one of the same event and handler takes its place.</summary>
    [Alias("Put")]
    Task PutAsync(JsonPayload letter);
}

/// <summary>The quarantine of the cluster.</summary>
[Alias("IncomingCalls.IQuarantineGrain")]
internal interface IQuarantineGrain : IStoredItemsGrain
{
    /// <summary>Keeps a notification: when it returns, it is in the storage.</summary>
    [Alias("Put")]
    Task PutAsync(QuarantineDocument item, byte[] utf8Json);

    /// <summary>The bytes of a notification; null when it is not there.</summary>
    [Alias("Read")]
    Task<byte[]?> ReadAsync(long id);
}
