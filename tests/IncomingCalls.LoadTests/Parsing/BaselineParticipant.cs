using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

/// <summary>A member of a group call in a <see cref="BaselineNotification"/>.</summary>
internal sealed record BaselineParticipant
{
    [JsonPropertyName("wid")]
    public string? Wid { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }
}
