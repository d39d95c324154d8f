namespace IncomingCalls.Cli.Arguments;

/// <summary>Statuses as one types them: those of the gateway, and <c>none</c> for a notification without one.</summary>
internal static class StatusText
{
    public const string None = "none";

    public static IReadOnlyList<string> Known { get; } = ["offer", "pickUp", "hungUp", "hangUp", "declined", "missed", None];

    /// <summary>The text on the wire; null for none. What looks like a known one is spelled as the gateway does, all else is left alone.</summary>
    public static string? ToWire(string text)
    {
        var known = Known.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        return known == None ? null : known ?? text;
    }
}

/// <summary>Callers as one types them.</summary>
internal static class CallerText
{
    public const string Description = "digits of a phone number, any chat id, or anonymous";

    /// <summary>The chat id; null for a call that names nobody.</summary>
    public static string? ToChatId(string text) =>
        text.Equals("anonymous", StringComparison.OrdinalIgnoreCase) ? null
        : text.TrimStart('+') is var digits && digits.All(char.IsAsciiDigit) ? $"{digits}@c.us"
        : text;
}
