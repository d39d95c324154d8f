using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>What is on a shelf, by number.</summary>
internal sealed record StoredItemIndex
{
    public ImmutableSortedDictionary<long, StoredItemEntry> Items { get; init; } = ImmutableSortedDictionary<long, StoredItemEntry>.Empty;
}
