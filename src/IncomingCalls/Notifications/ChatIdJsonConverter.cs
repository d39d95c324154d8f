using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>A chat id in JSON is its full text; never the masked one.</summary>
internal sealed class ChatIdJsonConverter : JsonConverter<ChatId>
{
    public override ChatId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } text)
        {
            return text.Length == 0 ? default
                : ChatId.TryParse(text, out var id) ? id
                : throw new JsonException("A chat id is masked or blank; the full text is needed.");
        }

        throw new JsonException("A chat id is a JSON string.");
    }

    public override void Write(Utf8JsonWriter writer, ChatId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);

    public override ChatId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, ChatId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);
}
