using System.Text;
using System.Text.Json;

namespace IncomingCalls.Wire;

/// <summary>The property names of notifications.</summary>
internal static class NotificationProperties
{
    public const string IncomingCall = "incomingCall";

    public const string OutgoingCall = "outgoingCall";

    private const int MaxLength = 12;

    /// <summary>Escapes take up to six bytes per character.</summary>
    private const int MaxEscapedLength = MaxLength * 6;

    /// <summary>Identifies the property whose name the reader is at. The comparison ignores case.</summary>
    public static NotificationProperty Match(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Match(reader.ValueSpan);
        }

        // "fr\u006fm" is a legal way to write "from".
        Span<byte> unescaped = stackalloc byte[MaxEscapedLength];
        try
        {
            return reader.ValueSpan.Length > MaxEscapedLength ? NotificationProperty.Other : Match(unescaped[..reader.CopyString(unescaped)]);
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate such as "\ud800".
            return NotificationProperty.Other;
        }
    }

    /// <summary>Selects one candidate by length and first letter, so that a name costs one comparison.</summary>
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

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => name.SequenceEqual(known) || Ascii.EqualsIgnoreCase(name, known);
}

/// <summary>A property of a notification that is read.</summary>
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
