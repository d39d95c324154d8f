using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

/// <summary>The record that somebody without this library would write, for source-generated System.Text.Json.</summary>
internal sealed record BaselineNotification
{
    [JsonPropertyName("typeWebhook")]
    public string? TypeWebhook { get; init; }

    [JsonPropertyName("from")]
    public string? From { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("timestamp")]
    public long Timestamp { get; init; }

    [JsonPropertyName("idMessage")]
    public string? IdMessage { get; init; }

    [JsonPropertyName("instanceData")]
    public BaselineInstanceData? InstanceData { get; init; }

    [JsonPropertyName("isVideo")]
    public bool? IsVideo { get; init; }

    [JsonPropertyName("duration")]
    public int? Duration { get; init; }

    [JsonPropertyName("participants")]
    public IReadOnlyList<BaselineParticipant>? Participants { get; init; }
}
