namespace IncomingCalls;

/// <summary>The wire texts of <see cref="CallStatus"/>, in both directions.</summary>
internal static class CallStatusText
{
    /// <summary>Letter case never matters; both spellings of the dropped call are in use.</summary>
    public static CallStatus Parse(ReadOnlySpan<char> text)
    {
        // The length picks the candidates, so that the usual case costs one comparison.
        return text.Length switch
        {
            0 => CallStatus.Unspecified,
            5 when Is(text, "offer") => CallStatus.Offer,
            6 when Is(text, "pickUp") => CallStatus.PickUp,
            6 when Is(text, "hungUp") || Is(text, "hangUp") => CallStatus.HungUp,
            6 when Is(text, "missed") => CallStatus.Missed,
            8 when Is(text, "declined") => CallStatus.Declined,
            _ => CallStatus.Unknown,
        };

        static bool Is(ReadOnlySpan<char> text, string known) => text.Equals(known, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The text the gateway documents today; null for none.</summary>
    public static string? ToWire(CallStatus status) => status switch
    {
        CallStatus.Offer => "offer",
        CallStatus.PickUp => "pickUp",
        CallStatus.HungUp => "hungUp",
        CallStatus.Missed => "missed",
        CallStatus.Declined => "declined",
        CallStatus.Unspecified => null,
        // Not documented, of course: it keeps a hand-made notification of unknown status unknown.
        _ => "unknown",
    };
}
