
namespace IncomingCalls;

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
