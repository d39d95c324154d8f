using IncomingCalls.Shared;

namespace IncomingCalls.Cli.Arguments;

/// <summary>The statuses that can be typed: those of the gateway, and <c>none</c> for a notification without a status.</summary>
internal static class StatusText
{
    public const string None = "none";

    /// <summary>The number of differing letters up to which a text counts as a misspelled status.</summary>
    private const int MaxDistance = 2;

    private static readonly string[] OfGateway = ["offer", "pickUp", "hungUp", "hangUp", "declined", "missed"];

    public static IReadOnlyList<string> Known { get; } = [.. OfGateway, None];

    /// <summary>
    /// Converts a typed status to its text on the wire; null for no status. The case of a known status is corrected; any other text is not
    /// changed.
    /// </summary>
    public static string? ToWire(string text)
    {
        var known = Known.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        return known == None ? null : known ?? text;
    }

    /// <summary>Describes a status that the gateway does not have, with the one that was probably meant; null for a known status.</summary>
    public static string? FindUnknown(string text)
    {
        if (Known.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        var nearest = OfGateway.MinBy(known => TextDistance.Between(known, text))!;
        return TextDistance.Between(nearest, text) <= MaxDistance
            ? $"The gateway has no status '{text}'. Did you mean '{nearest}'?"
            : $"The gateway has no status '{text}'; its statuses are {string.Join(", ", OfGateway)}.";
    }
}

/// <summary>Converts typed callers to chat ids.</summary>
internal static class CallerText
{
    public const string Description = "digits of a phone number, any chat id, or anonymous";

    /// <summary>Converts a typed caller to its chat id; null for an anonymous call.</summary>
    public static string? ToChatId(string text) =>
        text.Equals("anonymous", StringComparison.OrdinalIgnoreCase) ? null
        : text.TrimStart('+') is var digits && digits.All(char.IsAsciiDigit) ? $"{digits}@c.us"
        : text;
}
