using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>A bucket: the calls with something to do, so that somebody knows of them when their own silo is gone.</summary>
[Alias("IncomingCalls.IDueCallsGrain")]
internal interface IWakeUpBucketGrain : IGrainWithIntegerKey, IKeepAliveGrain
{
    /// <summary>Enters calls: when it returns, the entries are in the storage.</summary>
    /// <returns>How many calls the bucket has.</returns>
    [Alias("Keep")]
    Task<int> AddAsync(ImmutableArray<WakeUpEntryUpdate> entries);

    /// <summary>Notes in memory what entries say from now on, or that they end; the next write carries it along.</summary>
    [Alias("Note")]
    Task UpdateAsync(ImmutableArray<WakeUpEntryUpdate> reports);

    /// <summary>Counts.</summary>
    [Alias("Count")]
    Task<WakeUpBucketStatistics> GetStatisticsAsync();
}
