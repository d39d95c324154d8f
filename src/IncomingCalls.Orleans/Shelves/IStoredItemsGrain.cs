
namespace IncomingCalls;

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
