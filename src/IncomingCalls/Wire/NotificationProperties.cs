using System.Text;
using System.Text.Json;

namespace IncomingCalls.Wire;

/// <summary>The vocabulary of the wire.</summary>
internal static class NotificationProperties
{
    public const string IncomingCall = "incomingCall";

    private const int LongestName = 12;

    /// <summary>Which property a name stands for. Letter case does not matter.</summary>
    public static NotificationProperty Match(JsonToken name, ReadOnlySpan<byte> json) =>
        name.IsEscaped ? MatchEscaped(json.Slice(name.Start - 1, name.Length + 2)) : Match(name.In(json));

    /// <summary>"fr\u006fm" is a legal way to write "from".</summary>
    private static NotificationProperty MatchEscaped(ReadOnlySpan<byte> quoted)
    {
        // Six bytes stand for one character at the most.
        if (quoted.Length > (LongestName * 6) + 2)
        {
            return NotificationProperty.Other;
        }

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        Span<byte> unescaped = stackalloc byte[LongestName * 6];
        try
        {
            return Match(unescaped[..reader.CopyString(unescaped)]);
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate such as "\ud800".
            return NotificationProperty.Other;
        }
    }

    /// <summary>Length and first letter leave one candidate, so that a name costs one comparison.</summary>
    private static NotificationProperty Match(ReadOnlySpan<byte> name) => (name.Length, name.IsEmpty ? ' ' : (char)(name[0] | 0x20)) switch
    {
        (2, 'i') when Is(name, "id"u8) => NotificationProperty.Id,
        (3, 'w') when Is(name, "wid"u8) => NotificationProperty.Wid,
        (4, 'f') when Is(name, "from"u8) => NotificationProperty.From,
        (4, 'b') when Is(name, "body"u8) => NotificationProperty.Body,
        (6, 's') when Is(name, "status"u8) => NotificationProperty.Status,
        (7, 'i') when Is(name, "isVideo"u8) => NotificationProperty.IsVideo,
        (8, 'd') when Is(name, "duration"u8) => NotificationProperty.Duration,
        (9, 'i') when Is(name, "idMessage"u8) => NotificationProperty.IdMessage,
        (9, 't') when Is(name, "timestamp"u8) => NotificationProperty.Timestamp,
        (9, 'r') when Is(name, "receiptId"u8) => NotificationProperty.ReceiptId,
        (10, 'i') when Is(name, "idInstance"u8) => NotificationProperty.IdInstance,
        (11, 't') when Is(name, "typeWebhook"u8) => NotificationProperty.TypeWebhook,
        (12, 'i') when Is(name, "instanceData"u8) => NotificationProperty.InstanceData,
        (12, 't') when Is(name, "typeInstance"u8) => NotificationProperty.TypeInstance,
        (12, 'p') when Is(name, "participants"u8) => NotificationProperty.Participants,
        _ => NotificationProperty.Other,
    };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) =>
        name.SequenceEqual(known) || Ascii.EqualsIgnoreCase(name, known);
}

/// <summary>The properties of a notification that we read.</summary>
internal enum NotificationProperty
{
    Other = 0,
    TypeWebhook,
    IdMessage,
    From,
    Status,
    Timestamp,
    Duration,
    IsVideo,
    Participants,
    InstanceData,
    IdInstance,
    Wid,
    TypeInstance,
    ReceiptId,
    Body,
    Id,
}
