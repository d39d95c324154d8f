namespace IncomingCalls;

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
