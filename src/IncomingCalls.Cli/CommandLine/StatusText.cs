namespace IncomingCalls.Cli;

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
