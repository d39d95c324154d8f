using System.Text.Json;
using IncomingCalls.Shared;
using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>Reads a notification of the gateway from UTF-8 JSON, in one pass. Thread-safe.</summary>
public static class NotificationReader
{
    /// <summary>Notifications of other types may nest deeply. The reader stores one bit per level, so depth costs no stack.</summary>
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private const string Expected = "Expected is the JSON object that the gateway has sent, unchanged.";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads a bare notification, as webhooks carry it, or the polled form <c>{"receiptId":…,"body":{…}}</c>. A byte order mark is ignored, the order
    /// of properties and the case of their names do not matter, unknown properties are skipped, numbers may be strings or have a zero fraction, and
    /// the last of duplicate properties wins.
    /// </summary>
    /// <param name="utf8Json">The whole document.</param>
    /// <returns>The content of the document. Invalid input is reported in the result; the method does not throw for it.</returns>
    public static NotificationReading Read(ReadOnlySpan<byte> utf8Json)
    {
        var offset = utf8Json.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var json = utf8Json[offset..];
        var reader = new Utf8JsonReader(json, Options);
        NotificationFields fields = default;
        NotificationFields wrapped = default;
        Range? body = null;
        long? receiptId = null;
        var isBodyText = false;
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return NotificationReading.CreateUnreadable(DescribeRoot(ref reader), offset.., null);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var property = NotificationProperties.Match(ref reader);
                reader.Read();
                if (property == NotificationProperty.Body && reader.TokenType == JsonTokenType.StartObject)
                {
                    body = ReadBody(ref reader, offset, out wrapped);
                    continue;
                }

                isBodyText |= property == NotificationProperty.Body && reader.TokenType == JsonTokenType.String;
                receiptId = property == NotificationProperty.ReceiptId ? JsonNumber.ReadId(ref reader) : receiptId;
                fields.Read(property, ref reader);
            }

            // Fails if anything but white space follows.
            reader.Read();
        }
        catch (JsonException e)
        {
            return NotificationReading.CreateUnreadable(
                $"The notification is not valid JSON. The error is at byte {reader.BytesConsumed} of {json.Length}, line {e.LineNumber + 1}.", offset.., receiptId);
        }

        return body is { } range && !fields.HasType ? wrapped.ToReading(json, range, receiptId)
            : isBodyText && !fields.HasType ? NotificationReading.CreateUnreadable($"The value of body is a text instead of an object. {Expected}", offset.., receiptId)
            : fields.ToReading(json, offset.., receiptId);
    }

    /// <summary>Reads the object in <c>body</c>. A <c>body</c> inside of it is skipped: nothing is wrapped twice.</summary>
    /// <returns>The range of the object in the document of the caller.</returns>
    private static Range ReadBody(ref Utf8JsonReader reader, int offset, out NotificationFields fields)
    {
        fields = default;
        var start = offset + (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = NotificationProperties.Match(ref reader);
            reader.Read();
            fields.Read(property, ref reader);
        }

        return start..(offset + (int)reader.BytesConsumed);
    }

    /// <summary>Describes a document that is valid JSON but not an object.</summary>
    /// <exception cref="JsonException">The document is not valid JSON.</exception>
    private static string DescribeRoot(ref Utf8JsonReader reader)
    {
        var found = reader.TokenType switch
        {
            JsonTokenType.StartArray => "a JSON array",
            JsonTokenType.String => "a JSON text",
            JsonTokenType.Number => "a number",
            _ => "a literal",
        };
        reader.Skip();
        reader.Read();
        return $"The document is {found} instead of an object. {Expected}";
    }
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

    /// <summary>The range of the bare notification in the bytes that were read: all of them without a byte order mark, or the value of <c>body</c>.</summary>
    public Range Body { get; init; }

    /// <summary>A sentence that explains why the bytes could not be read; null when they could.</summary>
    public string? Reason { get; init; }

    internal static NotificationReading CreateUnreadable(string reason, Range body, long? receiptId) => new()
    {
        Kind = NotificationKind.NotANotification,
        ReceiptId = receiptId,
        Body = body,
        Reason = reason,
    };
}

/// <summary>The kind of notification that <see cref="NotificationReader"/> found.</summary>
public enum NotificationKind
{
    /// <summary>Not a JSON object, or an object without <c>typeWebhook</c>.</summary>
    NotANotification = 0,

    /// <summary>A call notification: of type <c>incomingCall</c> or <c>outgoingCall</c>, see <see cref="IncomingCallNotification.Direction"/>.</summary>
    IncomingCall,

    /// <summary>A notification of another type.</summary>
    OtherType,

    /// <summary>Its <c>typeWebhook</c> is <c>incomingCall</c> or <c>outgoingCall</c>, but a required property is missing or invalid.</summary>
    NotUnderstood,
}
