namespace IncomingCalls;

/// <summary>
/// Whether an account of WhatsApp exists, and its ids, see
/// <see href="https://green-api.com/en/docs/api/service/CheckWhatsapp/">CheckWhatsapp</see>.
/// </summary>
public sealed class GreenApiAccount
{
    /// <summary>Whether the account exists.</summary>
    public required bool Exists { get; init; }

    /// <summary>The chat id with the phone number; null when the owner hides the number, or the response does not contain it.</summary>
    public ChatId? PhoneNumber { get; init; }

    /// <summary>The linked id, which is different for each instance; null when the response does not contain it.</summary>
    public ChatId? LinkedId { get; init; }

    /// <summary>The public user name; null when there is none.</summary>
    public string? Username { get; init; }
}
