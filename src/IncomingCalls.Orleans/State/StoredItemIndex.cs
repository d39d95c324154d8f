using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncomingCalls.Orleans.State;

/// <summary>What is on a shelf, by number.</summary>
internal sealed record StoredItemIndex
{
    public ImmutableSortedDictionary<long, StoredItemEntry> Items { get; init; } = ImmutableSortedDictionary<long, StoredItemEntry>.Empty;
}

/// <summary>What the index of a shelf knows of an item.</summary>
internal sealed record StoredItemEntry
{
    /// <summary>How many bytes of the limit it takes.</summary>
    public int Size { get; init; }

    /// <summary>What the item is about: another one about the same takes its place. Null for items that stand for themselves.</summary>
    public string? Subject { get; init; }

    /// <summary>Whether an operator wants it replayed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReplayRequested { get; init; }
}
