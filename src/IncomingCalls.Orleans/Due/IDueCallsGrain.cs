
namespace IncomingCalls;

/// <summary>A bucket: the calls with something to do, so that somebody knows of them when their own silo is gone.</summary>
[Alias("IncomingCalls.IDueCallsGrain")]
internal interface IDueCallsGrain : IGrainWithIntegerKey, IUpkeptGrain
{
    /// <summary>Enters a call: when it returns, the entry is in the storage.</summary>
    /// <returns>How many calls the bucket has.</returns>
    [Alias("Keep")]
    Task<int> KeepAsync(string call, DueCall due);

    /// <summary>Notes in memory what an entry says from now on; the next write carries it along.</summary>
    [Alias("Update")]
    Task UpdateAsync(string call, DueCall due);

    /// <summary>Removes an entry, in memory as well. A ticket of 0 says that the call never had one, and is finished.</summary>
    [Alias("End")]
    Task EndAsync(string call, long ticket);

    /// <summary>Counts.</summary>
    [Alias("Count")]
    Task<DueFigures> CountAsync();
}
