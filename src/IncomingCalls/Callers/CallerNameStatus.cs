namespace IncomingCalls.Callers;

/// <summary>What is known about the name and the phone number of a caller, and whether waiting for a lookup can help.</summary>
internal enum CallerNameStatus
{
    /// <summary>No lookup is needed: the caller has a name and a phone number, or is a group or anonymous.</summary>
    NotNeeded,

    /// <summary>Name and phone number are cached, or it is cached that there is none.</summary>
    Known,

    /// <summary>Nothing more can be expected soon: the last lookup has just failed, or no lookup can be answered at the moment.</summary>
    Unavailable,

    /// <summary>A lookup can find the name or the phone number.</summary>
    Unknown,
}
