namespace IncomingCalls;

/// <summary>
/// The WhatsApp account of an instance, see
/// <see href="https://green-api.com/en/docs/api/account/GetWaSettings/">GetWaSettings</see>.
/// </summary>
public sealed class GreenApiWaSettings
{
    /// <summary>The state of the instance; null when the response does not contain it.</summary>
    public GreenApiState? State { get; init; }

    /// <summary>The chat id with the phone number of the account; null while the instance is not logged in.</summary>
    public ChatId? PhoneNumber { get; init; }

    /// <summary>The linked id of the account; null while the instance is not logged in, and on older servers.</summary>
    public ChatId? LinkedId { get; init; }

    /// <summary>The end of a restriction by the messenger, in UTC; null when there is none, or when its end is not known.</summary>
    public DateTimeOffset? SuspendedUntil { get; init; }

    /// <summary>Whether a logout is in progress. The instance cannot be logged in until it has ended.</summary>
    public bool IsLoggingOut { get; init; }
}
