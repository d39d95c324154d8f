using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>How far a handler has come, in a few bytes.</summary>
internal sealed class DeliveryDto
{
    [JsonPropertyName("n")]
    public required string HandlerName { get; init; }

    [JsonPropertyName("o")]
    public bool IsNotifier { get; init; }

    [JsonPropertyName("a")]
    public int Attempts { get; init; }

    [JsonPropertyName("t")]
    public long DueAt { get; init; }

    [JsonPropertyName("e")]
    public string? LastError { get; init; }

    public static DeliveryDto FromDelivery(Delivery handler) => new()
    {
        HandlerName = handler.HandlerName,
        IsNotifier = handler.IsNotifier,
        Attempts = handler.Attempts,
        DueAt = handler.DueAt.UtcTicks,
        LastError = handler.LastError,
    };

    public Delivery ToDelivery() => new()
    {
        HandlerName = HandlerName,
        IsNotifier = IsNotifier,
        Attempts = Attempts,
        DueAt = UtcTicks.ToDateTimeOffset(DueAt),
        LastError = LastError,
    };
}
