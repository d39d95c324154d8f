namespace IncomingCalls;

/// <summary>
/// The status of a call notification, see
/// <see href="https://green-api.com/en/docs/api/receiving/notifications-format/IncomingCall/">IncomingCall</see> and
/// <see href="https://green-api.com/en/docs/api/receiving/notifications-format/OutgoingCall/">OutgoingCall</see>.
/// </summary>
/// <remarks>
/// The gateway adds values without notice. A value that is not listed is read as <see cref="Unknown"/>, and
/// <see cref="IncomingCallNotification.RawStatus"/> holds its text.
/// </remarks>
public enum CallStatus
{
    /// <summary>A status that this version does not know; <see cref="IncomingCallNotification.RawStatus"/> holds it.</summary>
    Unknown = 0,

    /// <summary>No status, as the gateway sent until 2023: a call took place, and its outcome is not known.</summary>
    Unspecified,

    /// <summary><c>offer</c>: the call is ringing.</summary>
    Offer,

    /// <summary><c>pickUp</c>: the call was answered; an outgoing one by at least one participant.</summary>
    PickUp,

    /// <summary><c>hungUp</c> or <c>hangUp</c>: the called side rejected the call, or its Do Not Disturb mode did. Of an outgoing call: nobody answered it.</summary>
    HungUp,

    /// <summary><c>missed</c>: the caller hung up before the call was answered. Deprecated by the gateway, which sends <c>declined</c> instead.</summary>
    Missed,

    /// <summary><c>declined</c>: the call was not answered, or the caller hung up first. It does not mean that an operator rejected the call.</summary>
    Declined,

    /// <summary><c>invalid</c>: the outgoing call could not be placed. Incoming calls do not have this status.</summary>
    Invalid,
}

/// <summary>Converts between <see cref="CallStatus"/> and the status texts of the gateway.</summary>
public static class CallStatusText
{
    /// <summary>Converts a status text. The comparison ignores case; the gateway uses both spellings of <c>hungUp</c>.</summary>
    /// <param name="text">The text, such as <c>pickUp</c>.</param>
    /// <returns>The status: <see cref="CallStatus.Unspecified"/> for an empty text, <see cref="CallStatus.Unknown"/> for one that this version does not know.</returns>
    public static CallStatus Parse(ReadOnlySpan<char> text)
    {
        // The length selects the candidates, so that the usual case costs one comparison.
        return text.Length switch
        {
            0 => CallStatus.Unspecified,
            5 when Is(text, "offer") => CallStatus.Offer,
            6 when Is(text, "pickUp") => CallStatus.PickUp,
            6 when Is(text, "hungUp") || Is(text, "hangUp") => CallStatus.HungUp,
            6 when Is(text, "missed") => CallStatus.Missed,
            7 when Is(text, "invalid") => CallStatus.Invalid,
            8 when Is(text, "declined") => CallStatus.Declined,
            _ => CallStatus.Unknown,
        };

        static bool Is(ReadOnlySpan<char> text, string known) => text.Equals(known, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Gets the text that the gateway documents for a status; null for <see cref="CallStatus.Unspecified"/>.</summary>
    internal static string? ToWire(CallStatus status) => status switch
    {
        CallStatus.Offer => "offer",
        CallStatus.PickUp => "pickUp",
        CallStatus.HungUp => "hungUp",
        CallStatus.Missed => "missed",
        CallStatus.Declined => "declined",
        CallStatus.Invalid => "invalid",
        CallStatus.Unspecified => null,
        // Not a documented text: it is read back as Unknown, so that a notification made in code with that status round-trips.
        _ => "unknown",
    };
}
