using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>What is left of a finished call. There are millions of these, hence the short names.</summary>
internal sealed class FactsDto
{
    [JsonPropertyName("a")]
    public bool Alert { get; init; }

    [JsonPropertyName("f")]
    public IReadOnlyList<FactDto> Facts { get; init; } = [];
}
