namespace IncomingCalls;

/// <summary>The state of an instance and its wire text.</summary>
public sealed class GreenApiState
{
    /// <summary>The state.</summary>
    public required GreenApiInstanceState State { get; init; }

    /// <summary>The state as the API writes it; null while the instance is being created.</summary>
    public string? RawState { get; init; }

    internal static GreenApiState FromWire(string? raw) => new() { RawState = raw, State = ParseState(raw) };

    private static GreenApiInstanceState ParseState(string? raw) => raw?.ToUpperInvariant() switch
    {
        "AUTHORIZED" => GreenApiInstanceState.Authorized,
        "NOTAUTHORIZED" => GreenApiInstanceState.NotAuthorized,
        "BLOCKED" => GreenApiInstanceState.Blocked,
        "SLEEPMODE" => GreenApiInstanceState.SleepMode,
        "STARTING" or null => GreenApiInstanceState.Starting,
        "SUSPENDED" or "YELLOWCARD" => GreenApiInstanceState.Suspended,
        "PENDINGPASSWORD" => GreenApiInstanceState.PendingPassword,
        _ => GreenApiInstanceState.Unknown,
    };
}

/// <summary>
/// The state of an instance, see <see href="https://green-api.com/en/docs/api/account/GetStateInstance/">GetStateInstance</see>.
/// </summary>
public enum GreenApiInstanceState
{
    /// <summary>A state that this version does not know; <see cref="GreenApiState.RawState"/> has its text.</summary>
    Unknown = 0,

    /// <summary>Logged in.</summary>
    Authorized,

    /// <summary>Not logged in.</summary>
    NotAuthorized,

    /// <summary>Banned by the messenger.</summary>
    Blocked,

    /// <summary>The phone was switched off; told by older servers only.</summary>
    SleepMode,

    /// <summary>Starting, or being created: up to five minutes.</summary>
    Starting,

    /// <summary>Sending is limited by the messenger; <c>yellowCard</c> on older servers.</summary>
    Suspended,

    /// <summary>The messenger waits for the account's password (MAX).</summary>
    PendingPassword,
}
