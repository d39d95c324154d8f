using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Serializes calls: the complete state while a call is unfinished, only its facts afterwards.</summary>
internal static class CallStateSerializer
{
    private static readonly JsonTypeInfo<CallState> StateTypeInfo = (JsonTypeInfo<CallState>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(CallState));

    public static byte[] Write(CallState call) => JsonSerializer.SerializeToUtf8Bytes(call, StateTypeInfo);

    public static CallState Read(byte[] bytes) => JsonSerializer.Deserialize(bytes, StateTypeInfo)!;

    public static byte[] WriteFacts(CallHistory history) => JsonSerializer.SerializeToUtf8Bytes(
        new FactsDto { Alert = history.HasAlert, Facts = [.. history.Facts.Select(FactDto.FromFact)] }, StoredFactsJsonContext.Default.FactsDto);

    public static CallState ReadFacts(CallKey key, byte[] bytes, long touchedAt)
    {
        var dto = JsonSerializer.Deserialize(bytes, StoredFactsJsonContext.Default.FactsDto)!;
        return new()
        {
            History = new() { Key = key, Facts = [.. dto.Facts.Select(fact => fact.ToFact())], HasAlert = dto.Alert },
            TouchedAt = DateTimeOffset.FromUnixTimeMilliseconds(touchedAt),
        };
    }
}

/// <summary>The stored facts of a call, all that remains of it when it is finished. A file may contain millions of them, hence the short names.</summary>
internal sealed class FactsDto
{
    [JsonPropertyName("a")]
    public bool Alert { get; init; }

    [JsonPropertyName("f")]
    public IReadOnlyList<FactDto> Facts { get; init; } = [];
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(FactsDto))]
internal sealed partial class StoredFactsJsonContext : JsonSerializerContext;
