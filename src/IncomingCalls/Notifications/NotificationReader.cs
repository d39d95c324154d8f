using System.Text.Json;

namespace IncomingCalls;

/// <summary>Reads a notification of the gateway from UTF-8 JSON, in one pass. Safe to use from any thread.</summary>
public static class NotificationReader
{
    // Foreign messages may nest as they like; Utf8JsonReader keeps one bit per level, so depth costs no stack.
    private static readonly JsonReaderOptions Lenient = new() { MaxDepth = int.MaxValue };

    /// <summary>
    /// Reads a bare notification, as webhooks carry it, or the polled form <c>{"receiptId":…,"body":{…}}</c>. Key order does
    /// not matter, unknown properties are skipped, numbers may be texts, the last of equal keys wins.
    /// </summary>
    /// <param name="utf8Json">The whole document.</param>
    /// <returns>What was found; never an exception, whatever the bytes are.</returns>
    public static NotificationReading Read(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json, Lenient);
        NotificationFields fields = default;
        NotificationFields wrapped = default;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Nothing("The notification is not a JSON object.", fields);
            }

            fields.ReadObject(ref reader, utf8Json, ref wrapped);
            if (reader.Read())
            {
                return Nothing("Something follows the JSON object.", fields);
            }
        }
        catch (JsonException e)
        {
            return Nothing($"Not JSON: at byte {reader.BytesConsumed} of {utf8Json.Length}, line {e.LineNumber + 1}.", fields);
        }

        return fields.HasType || !wrapped.IsRead
            ? fields.ToReading(utf8Json, .., fields.ReceiptId)
            : wrapped.ToReading(utf8Json, wrapped.Extent, fields.ReceiptId);
    }

    private static NotificationReading Nothing(string reason, in NotificationFields fields) => new()
    {
        Kind = NotificationKind.NotANotification,
        ReceiptId = fields.ReceiptId,
        Body = ..,
        Reason = reason,
    };
}
