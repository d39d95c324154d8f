using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>Brings the wire form into System.Text.Json, by the same reader and writer as everywhere else.</summary>
internal sealed class IncomingCallNotificationJsonConverter : JsonConverter<IncomingCallNotification>
{
    public override IncomingCallNotification Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var reading = NotificationReader.Read(JsonMarshal.GetRawUtf8Value(document.RootElement));
        return reading.Call ?? throw new JsonException(reading.Reason
            ?? $"This is a notification of type {reading.Type}, not {NotificationProperties.IncomingCall}.");
    }

    public override void Write(Utf8JsonWriter writer, IncomingCallNotification value, JsonSerializerOptions options) =>
        NotificationWriter.Write(writer, value);
}
