using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>How far a handler has come, in a few bytes.</summary>
internal sealed class HandlerForm
{
    [JsonPropertyName("n")]
    public required string Name { get; init; }

    [JsonPropertyName("o")]
    public bool IsNotifier { get; init; }

    [JsonPropertyName("a")]
    public int Attempts { get; init; }

    [JsonPropertyName("t")]
    public long DueAt { get; init; }

    [JsonPropertyName("e")]
    public string? LastError { get; init; }

    public static HandlerForm Of(OwedHandler handler) => new()
    {
        Name = handler.Name,
        IsNotifier = handler.IsNotifier,
        Attempts = handler.Attempts,
        DueAt = handler.DueAt.UtcTicks,
        LastError = handler.LastError,
    };

    public OwedHandler ToHandler() => new()
    {
        Name = Name,
        IsNotifier = IsNotifier,
        Attempts = Attempts,
        DueAt = Ticks.ToTime(DueAt),
        LastError = LastError,
    };
}
