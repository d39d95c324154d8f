namespace IncomingCalls;

/// <summary>What the text of a chat id says about it; the forms are those of the Chat ID pages of WhatsApp, MAX and Telegram.</summary>
internal static class ChatIdFormat
{
    // E.164 allows 15 digits. Below 5 there is no subscriber number: the gateway's journal was seen with ids such as 0@c.us.
    private const int MaxPhoneDigits = 15;
    private const int MinPhoneDigits = 5;
    private const int DigitsShown = 4;

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

    public static string? PhoneNumberOf(string id)
    {
        if (KindOf(id) != ChatIdKind.Phone)
        {
            return null;
        }

        var digits = id.AsSpan(0, id.IndexOf('@', StringComparison.Ordinal));
        return digits.Length is >= MinPhoneDigits and <= MaxPhoneDigits && digits[0] != '0' && IsDigits(digits)
            ? $"+{digits}"
            : null;
    }

    public static string Mask(string id, char mask)
    {
        var shown = Math.Min(DigitsShown, id.Count(char.IsDigit) / 2);
        var hidden = id.Count(char.IsDigit) - shown;
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

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
