using System.Text;
using System.Text.Json;
using IncomingCalls.Shared;

namespace IncomingCalls.Wire;

/// <summary>
/// The position of a text, or of a number in place of one, in a document. The string is created only when it is needed, so that a long notification
/// of another type allocates nothing.
/// </summary>
internal readonly struct JsonText
{
    /// <summary>
    /// The maximum length of an id or status in UTF-8. Longer ones are refused, because ids and statuses become keys that are stored for days.
    /// Documented ids have 32 characters, statuses 8.
    /// </summary>
    public const int MaxBytes = 128;

    /// <summary>The length of <c>\u0041</c>, the longest way to write one character.</summary>
    private const int MaxBytesPerCharacter = 6;

    /// <summary>Stands for a text of control characters only, which is not the same as no text.</summary>
    private const string NoCharacters = "unknown";

    private readonly int _start;
    private readonly int _length;
    private readonly bool _isString;

    private JsonText(int start, int length, bool isString) => (_start, _length, _isString) = (start, length, isString);

    public bool IsPresent => _length > 0;

    /// <summary>Gets the position of the value that the reader is at; absent unless it is a string or a number.</summary>
    public static JsonText From(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => new((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, isString: true),
        JsonTokenType.Number => new((int)reader.TokenStartIndex, reader.ValueSpan.Length, isString: false),
        _ => default,
    };

    /// <summary>
    /// Gets the position of the value that the reader is at, of an object or array its bracket; absent only for null. A status of an unexpected type
    /// is not "no status", which would ring.
    /// </summary>
    public static JsonText FromAny(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.True or JsonTokenType.False
            ? new((int)reader.TokenStartIndex, reader.ValueSpan.Length, isString: false)
            : From(ref reader);

    /// <summary>Returns whether the string is exactly another one, including the characters that <see cref="TryGetText"/> removes.</summary>
    public bool Is(ReadOnlySpan<byte> json, string text) => _isString && TryRead(json, out var read) && read == text;

    /// <summary>Creates the string of an id; null when absent or empty. Returns false when it is too long or contains characters that no id has.</summary>
    public bool TryGetId(ReadOnlySpan<byte> json, out string? id) => TryRead(json, out id) && (id is null || ReceivedText.IsId(id));

    /// <summary>
    /// Creates the string without control characters, and with U+FFFD in place of unpaired surrogates; null when absent or empty. Returns false when
    /// it is too long.
    /// </summary>
    public bool TryGetText(ReadOnlySpan<byte> json, out string? text)
    {
        if (!TryRead(json, out var read))
        {
            text = null;
            return false;
        }

        text = read is null ? null : ReceivedText.RemoveControls(read) is { Length: > 0 } visible ? visible : NoCharacters;
        return true;
    }

    /// <summary>Explains why an id or text was refused.</summary>
    /// <param name="property">The name of the property.</param>
    /// <param name="consequence">What follows if a required property is missing; empty for an optional one.</param>
    public string Explain(string property, string consequence = "") => !IsPresent
        ? $"{property} is missing, so {consequence}."
        : _length > MaxBytes
            ? $"The text of {property} is {_length} bytes long; at most {MaxBytes} are accepted."
            : $"The text of {property} contains control characters or invalid Unicode.";

    private bool TryRead(ReadOnlySpan<byte> json, out string? text)
    {
        text = null;
        if (!IsPresent)
        {
            return true;
        }

        if (_length > MaxBytes * MaxBytesPerCharacter)
        {
            return false;
        }

        var value = json.Slice(_start, _length);
        text = FindKnown(value) ?? (_isString ? ReadString(json) : Encoding.ASCII.GetString(value));
        return Encoding.UTF8.GetByteCount(text) <= MaxBytes;
    }

    private string ReadString(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.Slice(_start - 1, _length + 2));
        reader.Read();
        return ReceivedText.Read(ref reader);
    }

    /// <summary>Finds the constant of a frequent text, for which no string is allocated.</summary>
    private static string? FindKnown(ReadOnlySpan<byte> utf8) => utf8.Length switch
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
