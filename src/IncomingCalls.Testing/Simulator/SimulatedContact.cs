namespace IncomingCalls.Testing;

/// <summary>What getContactInfo knows of somebody.</summary>
public sealed class SimulatedContact
{
    /// <summary>The profile name.</summary>
    /// <value>Default: empty.</value>
    public string Name { get; init; } = "";

    /// <summary>The name in the phone book of the account.</summary>
    /// <value>Default: empty.</value>
    public string ContactName { get; init; } = "";

    /// <summary>The phone number that MAX and Telegram tell; 0 when hidden.</summary>
    /// <value>Default: 0.</value>
    public long PhoneNumber { get; init; }
}
