using System.Collections.Immutable;

namespace IncomingCalls.Orleans.State;

/// <summary>A part of the index of open callbacks: the grains of the persons who have one.</summary>
internal sealed record CallbackIndexState
{
    /// <summary>The entries by the keys of the persons' grains.</summary>
    public ImmutableDictionary<string, CallbackIndexEntry> Entries { get; init; } = ImmutableDictionary<string, CallbackIndexEntry>.Empty;
}

/// <summary>An open callback in the index.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.CallbackIndexEntry")]
internal sealed record CallbackIndexEntry
{
    /// <summary>When the first call was missed, in UTC.</summary>
    [Id(0)]
    public required DateTimeOffset OpenSince { get; init; }

    /// <summary>The account of the person; null for none.</summary>
    [Id(1)]
    public string? Account { get; init; }
}
