using System.Text.Json;
using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>Reads a notification of the gateway from UTF-8 JSON, in one pass. Safe to use from any thread.</summary>
public static class NotificationReader
{
    /// <summary>
    /// Reads a bare notification, as webhooks carry it, or the polled form <c>{"receiptId":…,"body":{…}}</c>. The order of
    /// properties does not matter, unknown properties are skipped, numbers may be strings, and the last of duplicate properties wins.
    /// </summary>
    /// <param name="utf8Json">The whole document.</param>
    /// <returns>What the document contains. Invalid input is reported in the result; the method does not throw for it.</returns>
    public static NotificationReading Read(ReadOnlySpan<byte> utf8Json)
    {
        var scanner = new JsonScanner(utf8Json);
        NotificationFields fields = default;
        NotificationFields wrapped = default;
        try
        {
            if (!scanner.IsAtObject())
            {
                return CreateUnreadable(DescribeError(utf8Json), fields);
            }

            fields.ReadObject(ref scanner, utf8Json, new(ref wrapped));
            scanner.End();
        }
        catch (JsonException)
        {
            return CreateUnreadable(DescribeError(utf8Json), fields);
        }

        return fields.HasType || !wrapped.IsRead
            ? fields.ToReading(utf8Json, .., fields.ReceiptId)
            : wrapped.ToReading(utf8Json, wrapped.Extent, fields.ReceiptId);
    }

    /// <summary>Describes why a document cannot be read. Only <see cref="Utf8JsonReader"/> tracks the position of an error.</summary>
    private static string DescribeError(ReadOnlySpan<byte> utf8Json)
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
                // Ends with an exception, because the scanner accepts everything that Utf8JsonReader accepts.
            }

            return "The notification is not valid JSON.";
        }
        catch (JsonException e)
        {
            return $"The notification is not valid JSON. The error is at byte {reader.BytesConsumed} of {utf8Json.Length}, line {e.LineNumber + 1}.";
        }
    }

    private static NotificationReading CreateUnreadable(string reason, in NotificationFields fields) => new()
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
    /// <summary>The kind of notification that was found.</summary>
    public required NotificationKind Kind { get; init; }

    /// <summary>The call notification; null unless <see cref="Kind"/> is <see cref="NotificationKind.IncomingCall"/>.</summary>
    public IncomingCallNotification? Call { get; init; }

    /// <summary>The value of <c>typeWebhook</c>; null when there is none.</summary>
    public string? Type { get; init; }

    /// <summary>The <c>idInstance</c> of the notification; null when it has none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The <c>idMessage</c> of a notification of another type; null when it has none.</summary>
    public string? IdMessage { get; init; }

    /// <summary>The time of a notification of another type, in UTC; null when it has none.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The receipt id of the polled form <c>{"receiptId":…,"body":{…}}</c>; null in the bare form.</summary>
    public long? ReceiptId { get; init; }

    /// <summary>The range of the bare notification in the bytes that were read: all of them, or the value of <c>body</c>.</summary>
    public Range Body { get; init; }

    /// <summary>A sentence that explains why the bytes could not be read; null when they could.</summary>
    public string? Reason { get; init; }
}

/// <summary>The kind of notification that <see cref="NotificationReader"/> found.</summary>
public enum NotificationKind
{
    /// <summary>Not a JSON object, or an object without <c>typeWebhook</c>.</summary>
    NotANotification = 0,

    /// <summary>A call notification.</summary>
    IncomingCall,

    /// <summary>A notification of another type, including <c>outgoingCall</c>.</summary>
    OtherType,

    /// <summary>Its <c>typeWebhook</c> is <c>incomingCall</c>, but a required property is missing or invalid.</summary>
    NotUnderstood,
}
