namespace IncomingCalls;

/// <summary>How bad a finding is; a greater value is worse.</summary>
public enum DoctorSeverity
{
    /// <summary>As it should be.</summary>
    Ok = 0,

    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,

    /// <summary>Calls may be missed, come late or twice, or something could not be looked at.</summary>
    Warning,

    /// <summary>Calls do not arrive, or not as they should.</summary>
    Error,
}
