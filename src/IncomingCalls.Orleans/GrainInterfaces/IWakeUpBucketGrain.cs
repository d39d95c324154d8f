using System.Collections.Immutable;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>A bucket: it stores which calls have pending work and wakes them when they are due, also after the failure of their silo.</summary>
[Alias("IncomingCalls.IDueCallsGrain")]
internal interface IWakeUpBucketGrain : IGrainWithIntegerKey, IKeepAliveGrain
{
    /// <summary>Stores entries of calls.</summary>
    /// <returns>A task that completes when the entries are stored, and whose result is the number of calls in the bucket.</returns>
    [Alias("Keep")]
    Task<int> AddAsync(ImmutableArray<WakeUpEntryUpdate> entries);

    /// <summary>Updates or removes entries in memory; the next write stores the changes.</summary>
    [Alias("Note")]
    Task UpdateAsync(ImmutableArray<WakeUpEntryUpdate> updates);

    /// <summary>Wakes the calls that wait for a destination, although they are not due.</summary>
    /// <param name="destinations">A set of destinations, see <see cref="DestinationsState.GetBit"/>.</param>
    [Alias("Resume")]
    Task ResumeAsync(ulong destinations);

    /// <summary>Gets the keys of the calls that the bucket knows.</summary>
    [Alias("ListCalls")]
    Task<BucketCalls> ListCallsAsync();

    /// <summary>Gets the number of pending deliveries and the age of the oldest one.</summary>
    [Alias("Count")]
    Task<WakeUpBucketStatistics> GetStatisticsAsync();
}

/// <summary>A change of the entry of a call in a bucket.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueReport")]
internal sealed record WakeUpEntryUpdate
{
    /// <summary>The key of the call.</summary>
    [Id(0)]
    public required string Call { get; init; }

    /// <summary>The generation of the entry; 0 when the call never had one.</summary>
    [Id(1)]
    public required long Generation { get; init; }

    /// <summary>The new entry; null when the call has no pending work.</summary>
    [Id(2)]
    public WakeUpEntry? Entry { get; init; }
}

/// <summary>The calls of a bucket.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.BucketCalls")]
internal sealed class BucketCalls
{
    /// <summary>The keys of the calls with pending work.</summary>
    [Id(0)]
    public required string[] Pending { get; init; }

    /// <summary>The keys of the finished calls that the retention will delete.</summary>
    [Id(1)]
    public required string[] Finished { get; init; }
}

/// <summary>The backlog of a bucket.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueFigures")]
internal sealed class WakeUpBucketStatistics
{
    /// <summary>The number of pending deliveries.</summary>
    [Id(0)]
    public required long PendingCount { get; init; }

    /// <summary>When the event of the oldest pending delivery was received, in UTC; null when no delivery is pending.</summary>
    [Id(1)]
    public DateTimeOffset? OldestPendingAt { get; init; }
}
