
namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>A grain that has to be in memory for its work to go on: a silo sees to it, without anybody asking.</summary>
[Alias("IncomingCalls.IUpkeptGrain")]
internal interface IKeepAliveGrain : IGrain
{
    /// <summary>Brings the grain into memory, and what it remembers up to date with the storage.</summary>
    [Alias("Upkeep")]
    Task KeepAliveAsync();
}
