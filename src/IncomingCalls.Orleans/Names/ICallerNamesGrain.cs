
namespace IncomingCalls;

/// <summary>The one place of the cluster where an instance's names are looked up. The key is the number of the instance.</summary>
[Alias("IncomingCalls.INamesGrain")]
internal interface ICallerNamesGrain : IGrainWithIntegerKey
{
    /// <summary>Looks a name up.</summary>
    /// <returns>The name; null when there is none.</returns>
    [Alias("Ask")]
    [ResponseTimeout("00:10:00")]
    Task<JsonPayload?> ResolveAsync(JsonPayload query);
}
