
namespace IncomingCalls;

/// <summary>An instance: where the grain is, its notifications are polled. The key is the number of the instance.</summary>
[Alias("IncomingCalls.IPollerGrain")]
internal interface IPollerGrain : IGrainWithIntegerKey
{
    /// <summary>Brings the grain into memory, and lets it look whether it is in the right place.</summary>
    /// <returns>Whether it stays; false when it goes, to be called again.</returns>
    [Alias("Stay")]
    Task<bool> StayAsync();
}
