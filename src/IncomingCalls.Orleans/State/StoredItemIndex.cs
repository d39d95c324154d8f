using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls.Orleans.State;

/// <summary>The index of a collection of stored items, by id.</summary>
internal sealed record StoredItemIndex
{
    public ImmutableSortedDictionary<long, StoredItemEntry> Items { get; init; } = ImmutableSortedDictionary<long, StoredItemEntry>.Empty;

    /// <summary>
    /// The actions of operators, oldest first, as the core's JSON of <see cref="AdministrationLogEntry"/>; null when there are none. An action and its
    /// entry are one write, because both are in the index.
    /// </summary>
    public ImmutableList<JsonElement>? Log { get; init; }
}

/// <summary>An entry of the index.</summary>
internal sealed record StoredItemEntry
{
    /// <summary>The size in bytes, which counts toward the limit of the collection.</summary>
    public int Size { get; init; }

    /// <summary>The instance that the item belongs to; null when it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? IdInstance { get; init; }

    /// <summary>The subject of the item, which a later item with the same subject replaces; null for an item without a subject.</summary>
    public string? Subject { get; init; }

    /// <summary>Whether an operator requested the replay of the item.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReplayRequested { get; init; }
}
