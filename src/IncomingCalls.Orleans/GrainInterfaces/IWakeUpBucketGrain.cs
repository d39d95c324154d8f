using System.Collections.Immutable;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

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

/// <summary>What a call says of its entry in a bucket.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueReport")]
internal sealed record WakeUpEntryUpdate
{
    /// <summary>The key of the call.</summary>
    [Id(0)]
    public required string Call { get; init; }

    /// <summary>Which of its entries is meant; 0 when it never had one.</summary>
    [Id(1)]
    public required long Generation { get; init; }

    /// <summary>What the entry says from now on; null when the call has nothing to do any more.</summary>
    [Id(2)]
    public WakeUpEntry? Entry { get; init; }
}

/// <summary>How much waits in a bucket.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueFigures")]
internal sealed class WakeUpBucketStatistics
{
    /// <summary>How many pairs of event and handler are owed.</summary>
    [Id(0)]
    public required long PendingCount { get; init; }

    /// <summary>Since when the oldest of them waits, in UTC; null when nothing waits.</summary>
    [Id(1)]
    public DateTimeOffset? OldestPendingAt { get; init; }
}
