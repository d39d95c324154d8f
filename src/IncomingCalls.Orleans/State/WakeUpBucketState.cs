using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncomingCalls.Orleans.State;

/// <summary>What a bucket writes.</summary>
internal sealed record WakeUpBucketState
{
    /// <summary>The calls with something to do, by key.</summary>
    public ImmutableDictionary<string, WakeUpEntry> Calls { get; init; } = ImmutableDictionary<string, WakeUpEntry>.Empty;

    /// <summary>The pages of finished calls that are to be forgotten, oldest first.</summary>
    public ImmutableList<RetentionPageReference> Pages { get; init; } = [];
}

/// <summary>What a bucket knows of a call.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueCall")]
internal sealed record WakeUpEntry
{
    /// <summary>Which of the call's entries this is.</summary>
    [Id(0)]
    [JsonPropertyName("ticket")]
    public required long Generation { get; init; }

    /// <summary>When there is something to do, in UTC.</summary>
    [Id(1)]
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How many pairs of event and handler are owed.</summary>
    [Id(2)]
    [JsonPropertyName("owed")]
    public int PendingCount { get; init; }

    /// <summary>Since when the oldest of them waits, in UTC.</summary>
    [Id(3)]
    [JsonPropertyName("since")]
    public DateTimeOffset? OldestPendingAt { get; init; }
}

/// <summary>A page of calls to be forgotten.</summary>
internal sealed record RetentionPageReference
{
    /// <summary>The number of the page within the bucket.</summary>
    public required long Page { get; init; }

    /// <summary>When its last call was finished, in UTC.</summary>
    public required DateTimeOffset ClosedAt { get; init; }
}

/// <summary>Calls that were finished at about the same time.</summary>
internal sealed record RetentionPage
{
    public IReadOnlyList<string> Calls { get; init; } = [];
}
