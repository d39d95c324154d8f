using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

/// <summary>The polled form of a <see cref="TwinNotification"/>.</summary>
internal sealed record TwinReceipt
{
    [JsonPropertyName("receiptId")]
    public long ReceiptId { get; init; }

    [JsonPropertyName("body")]
    public TwinNotification? Body { get; init; }
}
