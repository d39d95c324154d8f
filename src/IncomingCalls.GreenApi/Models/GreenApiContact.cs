namespace IncomingCalls;

/// <summary>
/// The data of an account that the messenger provides, see
/// <see href="https://green-api.com/en/docs/api/service/GetContactInfo/">GetContactInfo</see>.
/// </summary>
public sealed class GreenApiContact
{
    /// <summary>The name in the phone book of the instance; null when there is no entry.</summary>
    public string? ContactName { get; init; }

    /// <summary>The name in the profile of the account; null when it is not known, for example before the first message of the account.</summary>
    public string? Name { get; init; }

    /// <summary>The phone number in MAX and Telegram; null when it is hidden or not provided.</summary>
    public long? PhoneNumber { get; init; }

    /// <summary>The address of the picture; null when there is none.</summary>
    public string? Avatar { get; init; }
}
