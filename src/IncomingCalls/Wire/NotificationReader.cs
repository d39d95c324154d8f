using System.Text.Json;
using IncomingCalls.Wire;

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

/// <summary>The result of <see cref="NotificationReader.Read"/>.</summary>
public readonly record struct NotificationReading
{
    /// <summary>What the bytes are.</summary>
    public required NotificationKind Kind { get; init; }

    /// <summary>The call notification; null for every other <see cref="Kind"/>.</summary>
    public IncomingCallNotification? Call { get; init; }

    /// <summary>The <c>typeWebhook</c>; null when there is none.</summary>
    public string? Type { get; init; }

    /// <summary>The instance that the notification names; null when it names none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The <c>idMessage</c> of a foreign notification; null when it has none.</summary>
    public string? IdMessage { get; init; }

    /// <summary>The time of a foreign notification in UTC; null when it has none.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The receipt id of the polled form <c>{"receiptId":…,"body":{…}}</c>; null in the bare form.</summary>
    public long? ReceiptId { get; init; }

    /// <summary>Where the notification itself stands in the bytes that were read: all of them, or the value of <c>body</c>.</summary>
    public Range Body { get; init; }

    /// <summary>Why the bytes could not be read, in words for a person; null when they could.</summary>
    public string? Reason { get; init; }
}

/// <summary>What <see cref="NotificationReader"/> found.</summary>
public enum NotificationKind
{
    /// <summary>Not JSON, or nothing that names its <c>typeWebhook</c>.</summary>
    NotANotification = 0,

    /// <summary>A call notification.</summary>
    IncomingCall,

    /// <summary>A notification of another type; <c>outgoingCall</c> is one of them.</summary>
    OtherType,

    /// <summary>It says <c>typeWebhook: incomingCall</c>, but a part without which there is no call is missing or unreadable.</summary>
    NotUnderstood,
}
