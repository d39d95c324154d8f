namespace IncomingCalls.Testing;

/// <summary>The states of an instance, by the names of getStateInstance. Documented.</summary>
public enum SimulatedState
{
    /// <summary><c>authorized</c>.</summary>
    Authorized = 0,

    /// <summary><c>notAuthorized</c>: the account is logged out, and no calls are reported (assumed).</summary>
    NotAuthorized,

    /// <summary><c>blocked</c>: the messenger has banned the account. Methods are answered as for a logged-out one; no calls are reported (assumed).</summary>
    Blocked,

    /// <summary><c>starting</c>.</summary>
    Starting,

    /// <summary><c>yellowCard</c>.</summary>
    YellowCard,

    /// <summary>The subscription of the instance has expired: every method is answered with 400.</summary>
    Expired,

    /// <summary><c>suspended</c>, the name of <c>yellowCard</c> since July 2026. Reported.</summary>
    Suspended,

    /// <summary><c>sleepMode</c>, on old instances.</summary>
    SleepMode,

    /// <summary><c>pendingPassword</c>, on MAX.</summary>
    PendingPassword,

    /// <summary>The instance is being created: getStateInstance answers JSON <c>null</c>.</summary>
    Creating,
}
