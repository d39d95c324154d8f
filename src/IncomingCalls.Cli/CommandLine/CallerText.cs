namespace IncomingCalls.Cli;

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
