using System.Buffers;
using System.Text.Json;

namespace IncomingCalls.Testing.Instances;

/// <summary>Writes notifications as documented by the vendor, deliberately without the code under test.</summary>
internal static class NotificationJson
{
    public static ReadOnlyMemory<byte> CreateCall(SimulatedInstance instance, CallNotificationFields call) => WriteObject(writer =>
    {
        // The documented sample starts with `from` and not with the type.
        WriteOptionalText(writer, "from", call.From);
        writer.WriteString("typeWebhook", "incomingCall");
        WriteInstanceData(writer, instance);
        WriteOptionalText(writer, "status", call.Status);
        writer.WriteNumber("timestamp", call.At.ToUnixTimeSeconds());
        writer.WriteString("idMessage", call.IdMessage);
        if (call.IsVideo is { } isVideo)
        {
            writer.WriteBoolean("isVideo", isVideo);
        }

        if (call.Participants is { } participants)
        {
            WriteParticipants(writer, "wid", participants, call.Status);
        }
    });

    /// <summary>Documented: <c>from</c> is the called chat. The documentation names the id of a participant <c>id</c>, and an official client <c>wid</c>.</summary>
    public static ReadOnlyMemory<byte> CreateOutgoingCall(SimulatedInstance instance, CallNotificationFields call) => WriteObject(writer =>
    {
        writer.WriteString("typeWebhook", "outgoingCall");
        WriteInstanceData(writer, instance);
        writer.WriteNumber("timestamp", call.At.ToUnixTimeSeconds());
        writer.WriteString("idMessage", call.IdMessage);
        writer.WriteString("from", call.From);
        writer.WriteBoolean("isVideo", call.IsVideo == true);
        writer.WriteNumber("duration", (long)call.Duration.TotalSeconds);
        writer.WriteString("status", call.Status);
        WriteParticipants(writer, "id", call.Participants!, call.Status);
    });

    public static ReadOnlyMemory<byte> CreateStateChanged(SimulatedInstance instance, string state, DateTimeOffset at) => WriteObject(writer =>
    {
        writer.WriteString("typeWebhook", "stateInstanceChanged");
        WriteInstanceData(writer, instance);
        writer.WriteNumber("timestamp", at.ToUnixTimeSeconds());
        writer.WriteString("stateInstance", state);
    });

    public static ReadOnlyMemory<byte> CreateMessage(SimulatedInstance instance, string idMessage, string from, string text, DateTimeOffset at) => WriteObject(writer =>
    {
        writer.WriteString("typeWebhook", "incomingMessageReceived");
        WriteInstanceData(writer, instance);
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

    /// <summary>Writes the participants of a call. Assumed: the status of each is that of the call.</summary>
    public static void WriteParticipants(Utf8JsonWriter writer, string idName, IReadOnlyList<string> participants, string? status)
    {
        writer.WriteStartArray("participants");
        foreach (var participant in participants)
        {
            writer.WriteStartObject();
            writer.WriteString(idName, participant);
            WriteOptionalText(writer, "status", status);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ReadOnlyMemory<byte> WriteObject(Action<Utf8JsonWriter> properties)
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

    private static void WriteInstanceData(Utf8JsonWriter writer, SimulatedInstance instance)
    {
        writer.WriteStartObject("instanceData");
        writer.WriteNumber("idInstance", instance.IdInstance);
        writer.WriteString("wid", instance.State == SimulatedState.Authorized ? instance.Wid : "");
        writer.WriteString("typeInstance", instance.TypeInstance);
        writer.WriteEndObject();
    }

    private static void WriteOptionalText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}

/// <summary>The fields of a call notification.</summary>
internal sealed class CallNotificationFields
{
    public required string IdMessage { get; init; }

    public required string? From { get; init; }

    public required string? Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool? IsVideo { get; init; }

    public required IReadOnlyList<string>? Participants { get; init; }

    /// <summary>The duration of an outgoing call.</summary>
    public TimeSpan Duration { get; init; }
}
