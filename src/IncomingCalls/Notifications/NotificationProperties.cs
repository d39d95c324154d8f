using System.Text;
using System.Text.Json;

namespace IncomingCalls;

/// <summary>The vocabulary of the wire.</summary>
internal static class NotificationProperties
{
    public const string IncomingCall = "incomingCall";

    private const int LongestName = 12;

    /// <summary>Which property the reader's name token is. Letter case does not matter.</summary>
    public static NotificationProperty Match(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Match(reader.ValueSpan);
        }

        // "fr\u006fm" is a legal way to write "from". Six bytes stand for one character at the most.
        if (reader.ValueSpan.Length > LongestName * 6)
        {
            return NotificationProperty.Other;
        }

        Span<byte> unescaped = stackalloc byte[LongestName * 6];
        try
        {
            return Match(unescaped[..reader.CopyString(unescaped)]);
        }
        catch (InvalidOperationException)
        {
            return NotificationProperty.Other;
        }
    }

    private static NotificationProperty Match(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when Is(name, "id"u8) => NotificationProperty.Id,
        3 when Is(name, "wid"u8) => NotificationProperty.Wid,
        4 when Is(name, "from"u8) => NotificationProperty.From,
        4 when Is(name, "body"u8) => NotificationProperty.Body,
        6 when Is(name, "status"u8) => NotificationProperty.Status,
        7 when Is(name, "isVideo"u8) => NotificationProperty.IsVideo,
        8 when Is(name, "duration"u8) => NotificationProperty.Duration,
        9 when Is(name, "idMessage"u8) => NotificationProperty.IdMessage,
        9 when Is(name, "timestamp"u8) => NotificationProperty.Timestamp,
        9 when Is(name, "receiptId"u8) => NotificationProperty.ReceiptId,
        10 when Is(name, "idInstance"u8) => NotificationProperty.IdInstance,
        11 when Is(name, "typeWebhook"u8) => NotificationProperty.TypeWebhook,
        12 when Is(name, "instanceData"u8) => NotificationProperty.InstanceData,
        12 when Is(name, "typeInstance"u8) => NotificationProperty.TypeInstance,
        12 when Is(name, "participants"u8) => NotificationProperty.Participants,
        _ => NotificationProperty.Other,
    };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) =>
        name.SequenceEqual(known) || Ascii.EqualsIgnoreCase(name, known);
}
