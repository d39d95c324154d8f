using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inbox;

namespace IncomingCalls.Serialization;

/// <summary>
/// Serializes a stored event. An event never changes, so the JSON that was read is written again: it may contain members of a later version, at
/// any depth.
/// </summary>
internal sealed class StoredCallEventJsonConverter : JsonConverter<StoredCallEvent>
{
    public override StoredCallEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = JsonMarshal.GetRawUtf8Value(document.RootElement);
        var stored = JsonSerializer.Deserialize(json, IncomingCallsJsonContext.Default.StoredCallEvent)!;
        stored.OriginalJson = json.ToArray();
        return stored;
    }

    public override void Write(Utf8JsonWriter writer, StoredCallEvent value, JsonSerializerOptions options)
    {
        if (value.OriginalJson is { } json)
        {
            writer.WriteRawValue(json, skipInputValidation: true);
        }
        else
        {
            JsonSerializer.Serialize(writer, value, IncomingCallsJsonContext.Default.StoredCallEvent);
        }
    }
}
