using System.Text.Json;

namespace IncomingCalls;

/// <summary>Reads a notification of the gateway from UTF-8 JSON, in one pass. Safe to use from any thread.</summary>
public static class NotificationReader
{
    /// <summary>
    /// Reads a bare notification, as webhooks carry it, or the polled form <c>{"receiptId":…,"body":{…}}</c>. Key order does
    /// not matter, unknown properties are skipped, numbers may be texts, the last of equal keys wins.
    /// </summary>
    /// <param name="utf8Json">The whole document.</param>
    /// <returns>What was found; never an exception, whatever the bytes are.</returns>
    public static NotificationReading Read(ReadOnlySpan<byte> utf8Json)
    {
        var scanner = new JsonScanner(utf8Json);
        NotificationFields fields = default;
        NotificationFields wrapped = default;
        try
        {
            if (!scanner.IsAtObject())
            {
                return Nothing(Complaint(utf8Json), fields);
            }

            fields.ReadObject(ref scanner, utf8Json, new(ref wrapped));
            scanner.End();
        }
        catch (JsonException)
        {
            return Nothing(Complaint(utf8Json), fields);
        }

        return fields.HasType || !wrapped.IsRead
            ? fields.ToReading(utf8Json, .., fields.ReceiptId)
            : wrapped.ToReading(utf8Json, wrapped.Extent, fields.ReceiptId);
    }

    /// <summary>What is wrong with a document. Only the general reader keeps count of where it is.</summary>
    private static string Complaint(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json, JsonScanner.Lenient);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return "The notification is not a JSON object.";
            }

            while (reader.Read())
            {
                // It ends with an exception, since the scanner refuses nothing that this one takes.
            }

            return "Not JSON.";
        }
        catch (JsonException e)
        {
            return $"Not JSON: at byte {reader.BytesConsumed} of {utf8Json.Length}, line {e.LineNumber + 1}.";
        }
    }

    private static NotificationReading Nothing(string reason, in NotificationFields fields) => new()
    {
        Kind = NotificationKind.NotANotification,
        ReceiptId = fields.ReceiptId,
        Body = ..,
        Reason = reason,
    };
}
