namespace IncomingCalls;

/// <summary>
/// The status of an <c>incomingCall</c> notification, see
/// <see href="https://green-api.com/en/docs/api/receiving/notifications-format/IncomingCall/">IncomingCall</see>.
/// </summary>
/// <remarks>
/// The gateway adds values without notice. A value that is not listed reads as <see cref="Unknown"/>, and
/// <see cref="IncomingCallNotification.RawStatus"/> keeps its text.
/// </remarks>
public enum CallStatus
{
    /// <summary>A text that this version does not know; <see cref="IncomingCallNotification.RawStatus"/> holds it.</summary>
    Unknown = 0,

    /// <summary>No status at all, as the gateway sent until 2023: a call happened, its result is not known.</summary>
    Unspecified,

    /// <summary><c>offer</c>: the call is ringing.</summary>
    Offer,

    /// <summary><c>pickUp</c>: somebody answered.</summary>
    PickUp,

    /// <summary><c>hungUp</c> or <c>hangUp</c>: the called side refused, or Do-Not-Disturb did.</summary>
    HungUp,

    /// <summary><c>missed</c>: the caller gave up. Deprecated by the gateway, which sends <c>declined</c> instead.</summary>
    Missed,

    /// <summary><c>declined</c>: nobody answered, or the caller gave up. It does not mean that an operator refused.</summary>
    Declined,
}

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
