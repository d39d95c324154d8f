using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>
/// Serializes calls in two parts: the facts, which remain when the call is finished, and the pending work, which exists while there is any.
/// Members that a later version has written are written again.
/// </summary>
internal static class CallStateSerializer
{
    /// <summary>The JSON of the core without the history, which the facts contain.</summary>
    private static readonly JsonTypeInfo<CallState> WorkTypeInfo = CreateWorkTypeInfo();

    /// <summary>Serializes the facts of a call.</summary>
    /// <param name="history">The history of the call.</param>
    /// <param name="stored">The stored facts, if they have members of a later version; null otherwise.</param>
    public static byte[] WriteFacts(CallHistory history, FactsDto? stored) =>
        JsonSerializer.SerializeToUtf8Bytes(FactsDto.FromHistory(history, stored), StoredFactsJsonContext.Default.FactsDto);

    /// <summary>Serializes the pending work: the state without its history.</summary>
    public static byte[] WriteWork(CallState call) => JsonSerializer.SerializeToUtf8Bytes(call, WorkTypeInfo);

    /// <summary>Deserializes the facts.</summary>
    public static FactsDto ReadFacts(byte[] facts) => JsonSerializer.Deserialize(facts, StoredFactsJsonContext.Default.FactsDto)!;

    /// <summary>Deserializes a call.</summary>
    /// <param name="key">The key of the call.</param>
    /// <param name="touchedAt">When the last new fact was received, in Unix milliseconds.</param>
    /// <param name="facts">The facts.</param>
    /// <param name="work">The pending work; null for a finished call.</param>
    public static CallState Read(CallKey key, long touchedAt, FactsDto facts, byte[]? work) => work is null
        ? new() { History = facts.ToHistory(key), TouchedAt = DateTimeOffset.FromUnixTimeMilliseconds(touchedAt) }
        : JsonSerializer.Deserialize(work, WorkTypeInfo)! with { History = facts.ToHistory(key) };

    private static JsonTypeInfo<CallState> CreateWorkTypeInfo()
    {
        var core = IncomingCallsJson.DefaultOptions;
        var options = new JsonSerializerOptions(core) { TypeInfoResolver = core.TypeInfoResolver!.WithAddedModifier(OmitHistory) };
        options.MakeReadOnly();
        return (JsonTypeInfo<CallState>)options.GetTypeInfo(typeof(CallState));
    }

    private static void OmitHistory(JsonTypeInfo type)
    {
        if (type.Type == typeof(CallState))
        {
            var history = type.Properties.Single(static property => property.PropertyType == typeof(CallHistory));
            history.IsRequired = false;
            history.ShouldSerialize = static (_, _) => false;
        }
    }
}

/// <summary>The stored facts of a call, all that remains of it when it is finished. A file may contain millions of them, hence the short names.</summary>
internal sealed class FactsDto
{
    [JsonPropertyName("r")]
    public long FirstReceivedAt { get; init; }

    [JsonPropertyName("a")]
    public bool Alert { get; init; }

    [JsonPropertyName("f")]
    public IReadOnlyList<FactDto> Facts { get; init; } = [];

    /// <summary>Members that a later version has written; null when there are none.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; set; }

    /// <summary>Whether the facts have members of a later version.</summary>
    [JsonIgnore]
    public bool HasUnknownMembers => UnknownMembers is not null || Facts.Any(static fact => fact.UnknownMembers is not null);

    /// <summary>Creates the facts of a call.</summary>
    /// <param name="history">The history of the call.</param>
    /// <param name="stored">The stored facts, whose members of a later version are preserved; null when they have none.</param>
    public static FactsDto FromHistory(CallHistory history, FactsDto? stored)
    {
        FactDto[] facts = [.. history.Facts.Select(FactDto.FromFact)];
        if (stored is not null)
        {
            Array.ForEach(facts, fact => fact.UnknownMembers = stored.Facts.FirstOrDefault(other => other.Key == fact.Key)?.UnknownMembers);
        }

        return new()
        {
            FirstReceivedAt = history.FirstReceivedAt.ToUnixTimeMilliseconds(),
            Alert = history.HasAlert,
            Facts = facts,
            UnknownMembers = stored?.UnknownMembers,
        };
    }

    public CallHistory ToHistory(CallKey key) => new()
    {
        Key = key,
        FirstReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(FirstReceivedAt),
        Facts = [.. Facts.Select(static fact => fact.ToFact())],
        HasAlert = Alert,
    };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(FactsDto))]
internal sealed partial class StoredFactsJsonContext : JsonSerializerContext;
