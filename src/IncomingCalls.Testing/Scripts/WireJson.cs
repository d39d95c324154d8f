using System.Buffers;
using System.Text.Json;

namespace IncomingCalls.Testing;

/// <summary>Writes what the vendor writes, after its documentation, and on purpose not with the code under test.</summary>
internal static class WireJson
{
    public static ReadOnlyMemory<byte> Call(SimulatedInstance instance, WireCall call) => Write(writer =>
    {
        // The documented sample starts with `from`, not with the type.
        Text(writer, "from", call.From);
        writer.WriteString("typeWebhook", "incomingCall");
        InstanceData(writer, instance);
        Text(writer, "status", call.Status);
        writer.WriteNumber("timestamp", call.At.ToUnixTimeSeconds());
        writer.WriteString("idMessage", call.IdMessage);
        if (call.IsVideo is { } isVideo)
        {
            writer.WriteBoolean("isVideo", isVideo);
        }

        if (call.Participants is { } participants)
        {
            writer.WriteStartArray("participants");
            foreach (var participant in participants)
            {
                writer.WriteStartObject();
                writer.WriteString("wid", participant);
                Text(writer, "status", call.Status);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    });

    public static ReadOnlyMemory<byte> StateChanged(SimulatedInstance instance, string state, DateTimeOffset at) => Write(writer =>
    {
        writer.WriteString("typeWebhook", "stateInstanceChanged");
        InstanceData(writer, instance);
        writer.WriteNumber("timestamp", at.ToUnixTimeSeconds());
        writer.WriteString("stateInstance", state);
    });

    public static ReadOnlyMemory<byte> Message(SimulatedInstance instance, string idMessage, string from, string text, DateTimeOffset at) => Write(writer =>
    {
        writer.WriteString("typeWebhook", "incomingMessageReceived");
        InstanceData(writer, instance);
        writer.WriteNumber("timestamp", at.ToUnixTimeSeconds());
        writer.WriteString("idMessage", idMessage);
        writer.WriteStartObject("senderData");
        writer.WriteString("chatId", from);
        writer.WriteString("sender", from);
        writer.WriteEndObject();
        writer.WriteStartObject("messageData");
        writer.WriteString("typeMessage", "textMessage");
        writer.WriteStartObject("textMessageData");
        writer.WriteString("textMessage", text);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> properties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void InstanceData(Utf8JsonWriter writer, SimulatedInstance instance)
    {
        writer.WriteStartObject("instanceData");
        writer.WriteNumber("idInstance", instance.IdInstance);
        writer.WriteString("wid", instance.State == SimulatedState.Authorized ? instance.Wid : "");
        writer.WriteString("typeInstance", instance.TypeInstance);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
