namespace IncomingCalls.Testing;

/// <summary>The states of an instance as getStateInstance names them. Documented.</summary>
public enum SimulatedState
{
    /// <summary><c>authorized</c>.</summary>
    Authorized = 0,

    /// <summary><c>notAuthorized</c>.</summary>
    NotAuthorized,

    /// <summary><c>blocked</c>.</summary>
    Blocked,

    /// <summary><c>starting</c>.</summary>
    Starting,

    /// <summary><c>yellowCard</c>.</summary>
    YellowCard,

    /// <summary>The plan has run out: every method is answered with 400.</summary>
    Expired,

    /// <summary><c>suspended</c>, the name of <c>yellowCard</c> since July 2026. Reported.</summary>
    Suspended,

    /// <summary><c>sleepMode</c>, of old instances.</summary>
    SleepMode,

    /// <summary><c>pendingPassword</c>, on MAX.</summary>
    PendingPassword,

    /// <summary>The instance is being made: getStateInstance answers JSON <c>null</c>.</summary>
    Creating,
}
