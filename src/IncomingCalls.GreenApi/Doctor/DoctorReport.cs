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
