using System.Buffers;
using System.Globalization;
using System.Text.Json;
using IncomingCalls.Testing.Instances;

namespace IncomingCalls.Testing.Http;

/// <summary>The methods lastIncomingCalls and lastOutgoingCalls.</summary>
internal static class JournalMethods
{
    private const int DefaultMinutes = 1440;

    public static Task GetIncomingAsync(ApiRequest call) => GetAsync(call, CallDirection.Incoming);

    public static Task GetOutgoingAsync(ApiRequest call) => GetAsync(call, CallDirection.Outgoing);

    /// <summary>
    /// Documented: minutes in the query, 1440 by default, and an empty journal while the settings are off. Reported: an official client sends minutes in
    /// the body; assumed: it has no effect there. Assumed: 400 for minutes that are no positive number.
    /// </summary>
    private static async Task GetAsync(ApiRequest call, CallDirection direction)
    {
        if (call.Instance.GatewayQuirks.HasFlag(GatewayQuirks.JournalOff))
        {
            await ApiRequest.RespondForbiddenAsync(call.Context);
            return;
        }

        var text = call.Context.Request.Query["minutes"].ToString();
        var minutes = DefaultMinutes;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes == 0))
        {
            await call.RespondValidationFailedAsync("'minutes' must be a positive number");
            return;
        }

        var entries = call.Instance.IsJournalOn(direction) ? call.Instance.Journal.Find(direction, TimeSpan.FromMinutes(minutes)) : [];
        await call.RespondAsync(WriteArray(entries));
    }

    private static ReadOnlyMemory<byte> WriteArray(IEnumerable<JournalEntry> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var entry in entries)
            {
                writer.WriteStartObject();
                WriteEntry(writer, entry);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Documented; isGroup and participants are seen in official client code.</summary>
    private static void WriteEntry(Utf8JsonWriter writer, JournalEntry entry)
    {
        var isIncoming = entry.Direction == CallDirection.Incoming;
        writer.WriteString("type", isIncoming ? "incoming" : "outgoing");
        writer.WriteString("idMessage", entry.IdMessage);
        writer.WriteNumber("timestamp", entry.EndedAt.ToUnixTimeSeconds());
        writer.WriteString("typeMessage", isIncoming ? "incomingCall" : "outgoingCall");
        writer.WriteString("chatId", entry.ChatId);
        if (!isIncoming)
        {
            writer.WriteNumber("duration", (long)entry.Duration.TotalSeconds);
        }

        writer.WriteBoolean("isVideo", entry.IsVideo);
        writer.WriteString("status", entry.Status);
        if (isIncoming)
        {
            writer.WriteBoolean("isGroup", entry.IsGroup);
        }
        else
        {
            NotificationJson.WriteParticipants(writer, "id", entry.Participants, entry.Status);
        }
    }
}
