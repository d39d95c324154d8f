using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace IncomingCalls.Wire;

/// <summary>Where a text (or a number that stands for one) is in the document; it becomes a string only when asked for.</summary>
internal readonly struct JsonText
{
    /// <summary>
    /// Longer texts are refused, because ids and states become keys that are kept for days. Documented ids have 32
    /// characters, statuses 8.
    /// </summary>
    public const int MaxBytes = 128;

    private readonly int _start;
    private readonly int _length;
    private readonly bool _isEscaped;

    private JsonText(int start, int length, bool isEscaped)
    {
        _start = start;
        _length = length;
        _isEscaped = isEscaped;
    }

    public bool IsPresent => _length > 0;

    /// <summary>The text of a value; absent unless it is a text or a number.</summary>
    public static JsonText Of(JsonToken value) => value.Type switch
    {
        JsonTokenType.String or JsonTokenType.Number => new(value.Start, value.Length, value.IsEscaped),
        _ => default,
    };

    /// <summary>The text of a value, or the beginning of one that is no text: present unless it is null.</summary>
    public static JsonText OrBeginningOf(JsonToken value) => value.Type switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray => new(value.Start, 1, isEscaped: false),
        JsonTokenType.True or JsonTokenType.False => new(value.Start, value.Length, isEscaped: false),
        _ => Of(value),
    };

    /// <summary>Makes the string; null when absent or empty. False when it is longer than <see cref="MaxBytes"/> or no valid Unicode.</summary>
    public bool TryGet(ReadOnlySpan<byte> json, out string? text)
    {
        text = null;
        if (!IsPresent)
        {
            return true;
        }

        var utf8 = json.Slice(_start, _length);
        if (_isEscaped)
        {
            return TryUnescape(json.Slice(_start - 1, _length + 2), out text);
        }

        text = Interned(utf8);
        return text is not null || (_length <= MaxBytes && TryDecode(utf8, out text));
    }

    public string Complaint(string property, string consequence) => !IsPresent
        ? $"{property} is missing, so {consequence}."
        : _length > MaxBytes
            ? $"The text of {property} is {_length} bytes long; at most {MaxBytes} are accepted."
            : $"The text of {property} is not valid Unicode.";

    private static bool TryDecode(ReadOnlySpan<byte> utf8, out string? text)
    {
        // Ids are ASCII, and that is told sooner than whether something is UTF-8: 255 ns instead of 282 for an offer.
        text = Ascii.IsValid(utf8) ? Encoding.ASCII.GetString(utf8)
            : Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8)
            : null;
        return text is not null;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> quoted, out string? text)
    {
        text = null;
        // An escape takes up to six bytes for a character.
        if (quoted.Length > MaxBytes * 6)
        {
            return false;
        }

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            text = reader.GetString();
            return text!.Length <= MaxBytes;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate such as "\ud800".
            return false;
        }
    }

    /// <summary>The small vocabularies of the wire cost no string.</summary>
    private static string? Interned(ReadOnlySpan<byte> utf8) => utf8.Length switch
    {
        2 when utf8.SequenceEqual("v3"u8) => "v3",
        5 when utf8.SequenceEqual("offer"u8) => "offer",
        6 when utf8.SequenceEqual("pickUp"u8) => "pickUp",
        6 when utf8.SequenceEqual("hungUp"u8) => "hungUp",
        6 when utf8.SequenceEqual("missed"u8) => "missed",
        8 when utf8.SequenceEqual("declined"u8) => "declined",
        8 when utf8.SequenceEqual("whatsapp"u8) => "whatsapp",
        8 when utf8.SequenceEqual("telegram"u8) => "telegram",
        12 when utf8.SequenceEqual("incomingCall"u8) => NotificationProperties.IncomingCall,
        _ => null,
    };
}
