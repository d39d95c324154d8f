using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>What is left of a finished call. There are millions of these, hence the short names.</summary>
internal sealed class FactsForm
{
    [JsonPropertyName("a")]
    public bool Alert { get; init; }

    [JsonPropertyName("f")]
    public IReadOnlyList<FactForm> Facts { get; init; } = [];
}
