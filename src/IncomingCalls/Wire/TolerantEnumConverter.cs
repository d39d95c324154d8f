using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls.Wire;

/// <summary>
/// Serializes an enumeration of a stored model as its name. A name that this version does not know is read as the first value, which stands for
/// "none" or "unknown": a later version may have written it, and the rest of the document must remain readable.
/// </summary>
internal sealed class TolerantEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? throw new JsonException($"The value of {typeof(T).Name} is not a text.")
        : Enum.TryParse<T>(reader.GetString(), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : default;

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
