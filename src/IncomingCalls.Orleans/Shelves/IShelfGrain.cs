
namespace IncomingCalls;

/// <summary>What an operator does with a shelf. There is one of each kind in the cluster; its key is 0.</summary>
[Alias("IncomingCalls.IShelfGrain")]
internal interface IShelfGrain : IGrainWithIntegerKey, IUpkeptGrain
{
    [Alias("Count")]
    Task<int> CountAsync();

    [Alias("List")]
    Task<ShelfItem[]> ListAsync(int limit, long after);

    [Alias("Replay")]
    Task<int> ReplayAsync(long? id);

    [Alias("Purge")]
    Task<int> PurgeAsync(long? id);
}
