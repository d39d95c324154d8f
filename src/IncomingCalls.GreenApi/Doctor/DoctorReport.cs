namespace IncomingCalls;

/// <summary>What <see cref="CallDoctor"/> found about one instance.</summary>
public sealed class DoctorReport
{
    /// <summary>The number of the instance.</summary>
    public required long IdInstance { get; init; }

    /// <summary>When the examination began, in UTC.</summary>
    public required DateTimeOffset ExaminedAt { get; init; }

    /// <summary>What was found, in the order of looking; what is as it should be included.</summary>
    public required IReadOnlyList<DoctorFinding> Findings { get; init; }

    /// <summary>That of the worst finding.</summary>
    public DoctorSeverity Severity => Findings.Select(finding => finding.Severity).DefaultIfEmpty(DoctorSeverity.Ok).Max();
}

/// <summary>One thing that <see cref="CallDoctor"/> found. It shows no token, and of an address the server alone.</summary>
/// <param name="code">What was found.</param>
/// <param name="seen">What was seen.</param>
public sealed class DoctorFinding(DoctorFindingCode code, string seen)
{
    /// <summary>What was found, for programmes to tell findings apart by.</summary>
    public DoctorFindingCode Code { get; } = code;

    /// <summary>How bad it is: always the same for one code.</summary>
    public DoctorSeverity Severity => DoctorFindingCatalog.Get(Code).Severity;

    /// <summary>What was seen, in one sentence.</summary>
    public string Message { get; } = seen;

    /// <summary>What to do about it; null when there is nothing to do.</summary>
    public string? Advice => DoctorFindingCatalog.Get(Code).Advice;

    /// <summary>Everything in one line.</summary>
    /// <returns>A text that is fit for logs.</returns>
    public override string ToString() => Advice is null ? $"{Severity} {Code}: {Message}" : $"{Severity} {Code}: {Message} {Advice}";
}

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
