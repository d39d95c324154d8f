using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>What is on a shelf, by number.</summary>
internal sealed record ShelfIndex
{
    public ImmutableSortedDictionary<long, ShelfEntry> Items { get; init; } = ImmutableSortedDictionary<long, ShelfEntry>.Empty;
}
