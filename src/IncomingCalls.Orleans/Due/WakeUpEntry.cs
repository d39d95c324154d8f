
namespace IncomingCalls;

/// <summary>What a bucket knows of a call.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueCall")]
internal sealed record WakeUpEntry
{
    /// <summary>Which of the call's entries this is.</summary>
    [Id(0)]
    public required long Generation { get; init; }

    /// <summary>When there is something to do, in UTC.</summary>
    [Id(1)]
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How many pairs of event and handler are owed.</summary>
    [Id(2)]
    public int PendingCount { get; init; }

    /// <summary>Since when the oldest of them waits, in UTC.</summary>
    [Id(3)]
    public DateTimeOffset? OldestPendingAt { get; init; }
}
