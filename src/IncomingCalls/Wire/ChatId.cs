using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>
/// The id of a chat or account, see <see href="https://green-api.com/en/docs/api/chat-id/">Chat ID</see>.
/// </summary>
/// <remarks>
/// <see cref="ToString()"/> replaces most digits by <c>•</c>, so that an id that is logged by mistake discloses no phone number.
/// Use <see cref="Value"/>, or the format <c>"F"</c>, where the full id is needed. Equality is an ordinal comparison of the
/// full ids.
/// </remarks>
[JsonConverter(typeof(ChatIdJsonConverter))]
public readonly record struct ChatId : IFormattable, IParsable<ChatId>
{
    /// <summary>The character that replaces a hidden digit.</summary>
    private const char Mask = '•';

    private readonly string? _value;

    private ChatId(string value) => _value = value;

    /// <summary>The full id as the gateway writes it, without the number of a device; empty for <see langword="default"/>, never null.</summary>
    public string Value => _value ?? "";

    /// <summary>What the id identifies.</summary>
    public ChatIdKind Kind => ChatIdFormat.KindOf(Value);

    /// <summary>
    /// The phone number in E.164 form, <c>+70000000101</c>; null unless <see cref="Kind"/> is <see cref="ChatIdKind.Phone"/>
    /// and its digits have the form of a phone number.
    /// </summary>
    public string? PhoneNumber => ChatIdFormat.PhoneNumberOf(Value);

    /// <summary>Parses an id. Every text that is not blank is accepted, because messengers add new forms.</summary>
    /// <param name="s">The id, for example <c>70000000101@c.us</c>.</param>
    /// <returns>The id, without surrounding white space and without the number of a device: <c>70000000101:1@c.us</c> is <c>70000000101@c.us</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="s"/> is blank, or is a masked id from <see cref="ToString()"/>.</exception>
    public static ChatId Parse(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, out var result)
            ? result
            : throw new FormatException(s.Contains(Mask, StringComparison.Ordinal)
                ? "The text is a masked chat id from ToString(), which is for logs and cannot be parsed. Store ChatId.Value or ToString(\"F\") instead."
                : "A chat id must not be empty.");
    }

    /// <summary>Tries to parse an id, see <see cref="Parse(string)"/>.</summary>
    /// <param name="s">The id.</param>
    /// <param name="result">The id, or <see langword="default"/>.</param>
    /// <returns>true if <paramref name="s"/> was parsed; otherwise, false.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, out ChatId result)
    {
        var text = s?.Trim();
        if (string.IsNullOrEmpty(text) || text.Contains(Mask, StringComparison.Ordinal))
        {
            result = default;
            return false;
        }

        result = new ChatId(ChatIdFormat.RemoveDevice(text));
        return true;
    }

    static ChatId IParsable<ChatId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ChatId>.TryParse(string? s, IFormatProvider? provider, out ChatId result) => TryParse(s, out result);

    /// <summary>Returns the id with all but the last four digits masked, such as <c>•••••••0101@c.us</c>; safe for logs.</summary>
    /// <returns>The masked id.</returns>
    public override string ToString() => ChatIdFormat.Mask(Value, Mask);

    /// <summary>Returns the id in the given format.</summary>
    /// <param name="format"><c>"F"</c> for the full id; <c>"M"</c>, <c>"G"</c>, empty or null for the masked one.</param>
    /// <returns>The full or the masked id.</returns>
    /// <exception cref="FormatException"><paramref name="format"/> is not one of these.</exception>
    public string ToString(string? format) => format switch
    {
        "F" or "f" => Value,
        null or "" or "M" or "m" or "G" or "g" => ToString(),
        _ => throw new FormatException($"'{format}' is not a valid format for a chat id. Use \"F\" for the full id or \"M\" for the masked one."),
    };

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString(format);
}

/// <summary>What a <see cref="ChatId"/> identifies, derived from its form.</summary>
public enum ChatIdKind
{
    /// <summary>A form that this version does not know, or an empty id.</summary>
    Unknown = 0,

    /// <summary>A WhatsApp account by its phone number, such as <c>70000000101@c.us</c>.</summary>
    Phone,

    /// <summary>A WhatsApp account by its linked id, such as <c>100000000000001@lid</c>. Its digits are not a phone number.</summary>
    Lid,

    /// <summary>A group: <c>…@g.us</c>, or a negative number in MAX and Telegram.</summary>
    Group,

    /// <summary>A MAX or Telegram account: a decimal number without suffix. Its digits are not a phone number.</summary>
    Account,
}

/// <summary>Interprets the text of a chat id. The forms are those of GREEN-API's Chat ID pages for WhatsApp, MAX and Telegram.</summary>
internal static class ChatIdFormat
{
    // E.164 allows up to 15 digits. Fewer than 5 are not a subscriber number: the gateway's journal has been seen to contain ids such as 0@c.us.
    private const int MaxPhoneDigits = 15;
    private const int MinPhoneDigits = 5;
    private const int VisibleDigits = 4;

    public static ChatIdKind KindOf(string id)
    {
        var at = id.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            var suffix = id.AsSpan(at + 1);
            return suffix.Equals("c.us", StringComparison.OrdinalIgnoreCase) ? ChatIdKind.Phone
                : suffix.Equals("g.us", StringComparison.OrdinalIgnoreCase) ? ChatIdKind.Group
                : suffix.Equals("lid", StringComparison.OrdinalIgnoreCase) ? ChatIdKind.Lid
                : ChatIdKind.Unknown;
        }

        return IsDigits(id) ? ChatIdKind.Account
            : id.Length > 1 && id[0] == '-' && IsDigits(id.AsSpan(1)) ? ChatIdKind.Group
            : ChatIdKind.Unknown;
    }

    /// <summary>Removes the number of the device from which an account calls, as in <c>70000000101:1@c.us</c>: it does not identify the account.</summary>
    public static string RemoveDevice(string id)
    {
        var at = id.IndexOf('@', StringComparison.Ordinal);
        var colon = at < 0 ? -1 : id.LastIndexOf(':', at);
        return colon > 0 && IsDigits(id.AsSpan(colon + 1, at - colon - 1)) ? id.Remove(colon, at - colon) : id;
    }

    public static string? PhoneNumberOf(string id)
    {
        if (KindOf(id) != ChatIdKind.Phone)
        {
            return null;
        }

        return PhoneNumberOfDigits(id.AsSpan(0, id.IndexOf('@', StringComparison.Ordinal)));
    }

    /// <summary>Brings a phone number into E.164 form; null for a text that does not have the form of one. A plus sign in front of the digits may be missing.</summary>
    public static string? ParsePhoneNumber(string? text)
    {
        var number = text.AsSpan().Trim();
        return PhoneNumberOfDigits(number.StartsWith('+') ? number[1..] : number);
    }

    /// <summary>Whether a phone number consists of the digits of an id that are not one.</summary>
    public static bool IsIdAsPhoneNumber(string id, string phoneNumber)
    {
        var at = id.IndexOf('@', StringComparison.Ordinal);
        return KindOf(id) != ChatIdKind.Phone && id.AsSpan(0, at < 0 ? id.Length : at).SequenceEqual(phoneNumber.AsSpan(1));
    }

    public static string Mask(string id, char mask)
    {
        var visible = Math.Min(VisibleDigits, id.Count(char.IsDigit) / 2);
        var hidden = id.Count(char.IsDigit) - visible;
        return hidden == 0 ? id : string.Create(id.Length, (id, hidden, mask), static (span, state) =>
        {
            var seen = 0;
            for (var i = 0; i < span.Length; i++)
            {
                var c = state.id[i];
                span[i] = char.IsDigit(c) && seen++ < state.hidden ? state.mask : c;
            }
        });
    }

    private static string? PhoneNumberOfDigits(ReadOnlySpan<char> digits) =>
        digits.Length is >= MinPhoneDigits and <= MaxPhoneDigits && digits[0] != '0' && IsDigits(digits) ? $"+{digits}" : null;

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}

/// <summary>Converts a chat id to and from a JSON string with the full, unmasked id.</summary>
internal sealed class ChatIdJsonConverter : JsonConverter<ChatId>
{
    public override ChatId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } text)
        {
            return text.Length == 0 ? default
                : ChatId.TryParse(text, out var id) ? id
                : throw new JsonException("The chat id is masked or blank. Write the full id.");
        }

        throw new JsonException("A chat id must be a JSON string.");
    }

    public override void Write(Utf8JsonWriter writer, ChatId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);

    public override ChatId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, ChatId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);
}
