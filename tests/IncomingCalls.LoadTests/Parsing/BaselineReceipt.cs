using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

/// <summary>The polled form of a <see cref="BaselineNotification"/>.</summary>
internal sealed record BaselineReceipt
{
    [JsonPropertyName("receiptId")]
    public long ReceiptId { get; init; }

    [JsonPropertyName("body")]
    public BaselineNotification? Body { get; init; }
}
