using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

/// <summary>The <c>instanceData</c> of a <see cref="BaselineNotification"/>.</summary>
internal sealed record BaselineInstanceData
{
    [JsonPropertyName("idInstance")]
    public long IdInstance { get; init; }

    [JsonPropertyName("wid")]
    public string? Wid { get; init; }

    [JsonPropertyName("typeInstance")]
    public string? TypeInstance { get; init; }
}
