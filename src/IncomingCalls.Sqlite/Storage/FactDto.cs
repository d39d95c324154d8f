using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inbox;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>The stored JSON of a <see cref="CallFact"/>, with short property names.</summary>
internal sealed class FactDto
{
    [JsonPropertyName("k")]
    public string Key { get; init; } = "";

    [JsonPropertyName("e")]
    public CallEventKind Kind { get; init; }

    [JsonPropertyName("f")]
    public string? From { get; init; }

    [JsonPropertyName("s")]
    public bool IsFromSelf { get; init; }

    [JsonPropertyName("t")]
    public long Ticks { get; init; }

    /// <summary>Members that a later version has written; null when there are none.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; set; }

    public static FactDto FromFact(CallFact fact) => new()
    {
        Key = fact.Key,
        Kind = fact.Kind,
        From = fact.From?.Value,
        IsFromSelf = fact.IsFromSelf,
        Ticks = fact.OccurredAt.UtcTicks,
    };

    public CallFact ToFact() => new()
    {
        Key = Key,
        Kind = Kind,
        From = ChatId.TryParse(From, out var from) ? from : null,
        IsFromSelf = IsFromSelf,
        OccurredAt = new(Ticks, TimeSpan.Zero),
    };
}
