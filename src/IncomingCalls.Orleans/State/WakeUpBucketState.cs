using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncomingCalls.Orleans.State;

/// <summary>The stored state of a bucket.</summary>
internal sealed record WakeUpBucketState
{
    /// <summary>The entries of calls with pending work, by the key of the call.</summary>
    public ImmutableDictionary<string, WakeUpEntry> Calls { get; init; } = ImmutableDictionary<string, WakeUpEntry>.Empty;

    /// <summary>The pages of finished calls that are deleted when their retention ends, oldest first.</summary>
    public ImmutableList<RetentionPageReference> Pages { get; init; } = [];
}

/// <summary>The entry of a call in a bucket.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueCall")]
internal sealed record WakeUpEntry
{
    /// <summary>The number of this entry among the entries of the call.</summary>
    [Id(0)]
    public required long Generation { get; init; }

    /// <summary>When the next work of the call is due, in UTC.</summary>
    [Id(1)]
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The number of pending deliveries.</summary>
    [Id(2)]
    public int PendingCount { get; init; }

    /// <summary>When the event of the oldest pending delivery was received, in UTC; null when no delivery is pending.</summary>
    [Id(3)]
    public DateTimeOffset? OldestPendingAt { get; init; }

    /// <summary>The set of destinations that the call waits for, see <see cref="DestinationsState.GetBit"/>.</summary>
    [Id(4)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Destinations { get; init; }
}

/// <summary>A reference to a page of finished calls.</summary>
internal sealed record RetentionPageReference
{
    /// <summary>The id of the page within the bucket.</summary>
    public required long Page { get; init; }

    /// <summary>When the page was closed, which is after its last call was finished, in UTC.</summary>
    public required DateTimeOffset ClosedAt { get; init; }
}

/// <summary>A page with the keys of calls that were finished at about the same time.</summary>
internal sealed record RetentionPage
{
    public IReadOnlyList<string> Calls { get; init; } = [];
}
