using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>
/// The id of a chat or account, see <see href="https://green-api.com/en/docs/api/chat-id/">Chat ID</see>.
/// </summary>
/// <remarks>
/// <see cref="ToString()"/> hides most digits behind <c>•</c>, so that an id that slips into a log tells nobody's number.
/// Use <see cref="Value"/>, or the format <c>"F"</c>, where the full id is needed. Two ids are equal when their texts
/// are the same, letter by letter.
/// </remarks>
[JsonConverter(typeof(ChatIdJsonConverter))]
public readonly record struct ChatId : IFormattable, IParsable<ChatId>
{
    /// <summary>What replaces a hidden digit.</summary>
    private const char Mask = '•';

    private readonly string? _value;

    private ChatId(string value) => _value = value;

    /// <summary>The full id as the gateway writes it; empty for <see langword="default"/>, never null.</summary>
    public string Value => _value ?? "";

    /// <summary>What the id identifies.</summary>
    public ChatIdKind Kind => ChatIdFormat.KindOf(Value);

    /// <summary>
    /// The phone number in E.164 form, <c>+70000000101</c>; null unless <see cref="Kind"/> is <see cref="ChatIdKind.Phone"/>
    /// and the digits can be a number that somebody dials.
    /// </summary>
    public string? PhoneNumber => ChatIdFormat.PhoneNumberOf(Value);

    /// <summary>Reads an id. Any text of at least one character is an id, since messengers add new forms.</summary>
    /// <param name="s">The id, for example <c>70000000101@c.us</c>.</param>
    /// <returns>The id, with surrounding white space removed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="s"/> is empty, or was made by <see cref="ToString()"/> and has lost its digits.</exception>
    public static ChatId Parse(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, out var result)
            ? result
            : throw new FormatException(s.Contains(Mask, StringComparison.Ordinal)
                ? "This is a masked chat id, made by ToString() for logs; its digits are gone. Store ChatId.Value or ToString(\"F\") instead."
                : "A chat id cannot be empty.");
    }

    /// <summary>Reads an id, see <see cref="Parse(string)"/>.</summary>
    /// <param name="s">The id.</param>
    /// <param name="result">The id, or <see langword="default"/>.</param>
    /// <returns>Whether <paramref name="s"/> is an id.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, out ChatId result)
    {
        var text = s?.Trim();
        if (string.IsNullOrEmpty(text) || text.Contains(Mask, StringComparison.Ordinal))
        {
            result = default;
            return false;
        }

        result = new ChatId(text);
        return true;
    }

    static ChatId IParsable<ChatId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ChatId>.TryParse(string? s, IFormatProvider? provider, out ChatId result) => TryParse(s, out result);

    /// <summary>The id with all but the last four digits hidden, such as <c>•••••••0101@c.us</c>: fit for logs.</summary>
    /// <returns>The masked id.</returns>
    public override string ToString() => ChatIdFormat.Mask(Value, Mask);

    /// <summary>The id in the format asked for.</summary>
    /// <param name="format"><c>"F"</c> for the full id; <c>"M"</c>, <c>"G"</c>, empty or null for the masked one.</param>
    /// <returns>The id.</returns>
    /// <exception cref="FormatException"><paramref name="format"/> is none of these.</exception>
    public string ToString(string? format) => format switch
    {
        "F" or "f" => Value,
        null or "" or "M" or "m" or "G" or "g" => ToString(),
        _ => throw new FormatException($"'{format}' is not a format of a chat id. Use \"F\" for the full id or \"M\" for the masked one."),
    };

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString(format);
}
