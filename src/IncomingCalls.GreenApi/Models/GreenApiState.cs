namespace IncomingCalls;

/// <summary>The state of an instance and its text on the wire.</summary>
public sealed class GreenApiState
{
    /// <summary>The state.</summary>
    public required GreenApiInstanceState State { get; init; }

    /// <summary>The state as the API spells it; null while the instance is being created.</summary>
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
    /// <summary>A state that this version does not know; <see cref="GreenApiState.RawState"/> contains its text.</summary>
    Unknown = 0,

    /// <summary>Logged in.</summary>
    Authorized,

    /// <summary>Not logged in.</summary>
    NotAuthorized,

    /// <summary>Banned by the messenger.</summary>
    Blocked,

    /// <summary>The phone is switched off; reported by older servers only.</summary>
    SleepMode,

    /// <summary>Starting or being created, which takes up to five minutes.</summary>
    Starting,

    /// <summary>The messenger restricts sending; <c>yellowCard</c> on older servers.</summary>
    Suspended,

    /// <summary>The messenger waits for the password of the account (MAX).</summary>
    PendingPassword,
}
