
namespace IncomingCalls;

/// <summary>An instance: where the grain is, its notifications are polled. The key is the number of the instance.</summary>
[Alias("IncomingCalls.IPollerGrain")]
internal interface IPollerGrain : IGrainWithIntegerKey
{
    /// <summary>Brings the grain into memory, and lets it look whether it is in the right place. If it is not, it goes.</summary>
    [Alias("Look")]
    Task CheckPlacementAsync();
}
