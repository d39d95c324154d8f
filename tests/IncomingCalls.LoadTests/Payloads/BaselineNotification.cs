using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

/// <summary>The record that an application without this library would use with source-generated System.Text.Json.</summary>
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

/// <summary>A member of a group call in a <see cref="BaselineNotification"/>.</summary>
internal sealed record BaselineParticipant
{
    [JsonPropertyName("wid")]
    public string? Wid { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }
}

/// <summary>The polled form of a <see cref="BaselineNotification"/>.</summary>
internal sealed record BaselineReceipt
{
    [JsonPropertyName("receiptId")]
    public long ReceiptId { get; init; }

    [JsonPropertyName("body")]
    public BaselineNotification? Body { get; init; }
}

[JsonSerializable(typeof(BaselineNotification))]
[JsonSerializable(typeof(BaselineReceipt))]
internal sealed partial class BaselineJsonContext : JsonSerializerContext;
