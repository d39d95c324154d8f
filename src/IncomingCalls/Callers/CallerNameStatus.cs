namespace IncomingCalls.Callers;

/// <summary>What is known about the name of a caller, and whether waiting for a lookup can help.</summary>
internal enum CallerNameStatus
{
    /// <summary>No lookup is needed: the caller has a name, or is a group or anonymous.</summary>
    NotNeeded,

    /// <summary>The name is cached, or it is cached that there is none.</summary>
    Known,

    /// <summary>No name can be expected soon: the last lookup has just failed, or no lookup can be answered at the moment.</summary>
    Unavailable,

    /// <summary>A lookup can find the name.</summary>
    Unknown,
}
