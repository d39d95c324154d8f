
namespace IncomingCalls;

/// <summary>A grain that has to be in memory for its work to go on: a silo sees to it, without anybody asking.</summary>
[Alias("IncomingCalls.IUpkeptGrain")]
internal interface IUpkeptGrain : IGrain
{
    /// <summary>Does nothing but bring the grain into memory.</summary>
    [Alias("Upkeep")]
    Task UpkeepAsync();
}
