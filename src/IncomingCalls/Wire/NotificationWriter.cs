using System.Buffers;
using System.Text.Json;

namespace IncomingCalls.Wire;

/// <summary>Writes a call notification in the gateway's JSON format, which <see cref="NotificationReader"/> reads.</summary>
internal static class NotificationWriter
{
    public static ReadOnlyMemory<byte> Write(IncomingCallNotification notification)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        Write(writer, notification);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    public static void Write(Utf8JsonWriter writer, IncomingCallNotification notification)
    {
        writer.WriteStartObject();
        WriteText(writer, "from"u8, notification.From?.Value);
        writer.WriteString("typeWebhook"u8, notification.Direction == CallDirection.Outgoing ? "outgoingCall"u8 : "incomingCall"u8);
        writer.WriteStartObject("instanceData"u8);
        writer.WriteNumber("idInstance"u8, notification.Instance.IdInstance);
        WriteText(writer, "wid"u8, notification.Instance.Wid?.Value);
        WriteText(writer, "typeInstance"u8, notification.Instance.TypeInstance);
        writer.WriteEndObject();
        WriteText(writer, "status"u8, notification.RawStatus);
        if (notification.Timestamp is { } timestamp)
        {
            writer.WriteNumber("timestamp"u8, timestamp.ToUnixTimeSeconds());
        }

        writer.WriteString("idMessage"u8, notification.IdMessage);
        if (notification.IsVideo is { } isVideo)
        {
            writer.WriteBoolean("isVideo"u8, isVideo);
        }

        if (notification.Duration is { } duration)
        {
            writer.WriteNumber("duration"u8, (long)duration.TotalSeconds);
        }

        if (notification.Participants.Count > 0)
        {
            WriteParticipants(writer, notification.Participants);
        }

        writer.WriteEndObject();
    }

    private static void WriteParticipants(Utf8JsonWriter writer, IReadOnlyList<CallParticipant> participants)
    {
        writer.WriteStartArray("participants"u8);
        foreach (var participant in participants)
        {
            writer.WriteStartObject();
            writer.WriteString("wid"u8, participant.Id.Value);
            WriteText(writer, "status"u8, participant.RawStatus);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> property, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(property, text);
        }
    }
}
