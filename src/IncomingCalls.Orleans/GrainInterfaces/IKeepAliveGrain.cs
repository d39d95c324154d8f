namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>A grain that must stay activated to do its work. <c>GrainKeepAliveService</c> activates it.</summary>
[Alias("IncomingCalls.IUpkeptGrain")]
internal interface IKeepAliveGrain : IGrain
{
    /// <summary>Activates the grain and reloads its state from the storage if another activation changed it.</summary>
    [Alias("Upkeep")]
    Task KeepAliveAsync();
}
