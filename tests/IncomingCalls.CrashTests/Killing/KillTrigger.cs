namespace IncomingCalls.CrashTests;

/// <summary>What a killer outside the host waits for.</summary>
internal enum KillTrigger
{
    /// <summary>Nothing: from the start of the process on.</summary>
    Started = 0,

    /// <summary>Both transports run.</summary>
    Listening,

    /// <summary>The gateway has seen answers and deletions.</summary>
    Acknowledged,

    /// <summary>The host runs, and was asked to end.</summary>
    Terminated,
}
