using System.Collections.Immutable;
using System.Text.Json;

namespace IncomingCalls.Orleans.State;

/// <summary>The stored reports of erasures, as the JSON of the core.</summary>
internal sealed record ErasuresState
{
    /// <summary>The reports by their ids.</summary>
    public ImmutableDictionary<Guid, JsonElement> Reports { get; init; } = ImmutableDictionary<Guid, JsonElement>.Empty;
}
