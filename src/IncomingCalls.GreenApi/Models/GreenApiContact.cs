namespace IncomingCalls;

/// <summary>
/// What the messenger tells about an account, see
/// <see href="https://green-api.com/en/docs/api/service/GetContactInfo/">GetContactInfo</see>.
/// </summary>
public sealed class GreenApiContact
{
    /// <summary>The name in the phone book of the instance; null when it has none.</summary>
    public string? ContactName { get; init; }

    /// <summary>The name in the account's own profile; null when it is not known, as before the first message of this account.</summary>
    public string? Name { get; init; }

    /// <summary>The phone number in MAX and Telegram; null when it is hidden or not told.</summary>
    public long? PhoneNumber { get; init; }

    /// <summary>The address of the picture; null when there is none.</summary>
    public string? Avatar { get; init; }
}
