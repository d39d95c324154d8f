namespace IncomingCalls;

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
