namespace IncomingCalls;

/// <summary>The result of an examination of one instance by <see cref="CallDoctor"/>.</summary>
public sealed class DoctorReport
{
    /// <summary>The number of the instance.</summary>
    public required long IdInstance { get; init; }

    /// <summary>When the examination began, in UTC.</summary>
    public required DateTimeOffset ExaminedAt { get; init; }

    /// <summary>The findings in the order of the checks, including those of severity <see cref="DoctorSeverity.Ok"/>.</summary>
    public required IReadOnlyList<DoctorFinding> Findings { get; init; }

    /// <summary>The account of the instance, which is compared with those of other reports; null when it is not known.</summary>
    internal ChatId? Account { get; init; }

    /// <summary>The severity of the worst finding; <see cref="DoctorSeverity.Ok"/> when there are no findings.</summary>
    public DoctorSeverity Severity => Findings.Select(finding => finding.Severity).DefaultIfEmpty(DoctorSeverity.Ok).Max();

    internal DoctorReport With(DoctorFinding finding) => new() { IdInstance = IdInstance, ExaminedAt = ExaminedAt, Account = Account, Findings = [.. Findings, finding] };
}

/// <summary>A finding of <see cref="CallDoctor"/>. It contains no token, and of an address only the server.</summary>
/// <param name="code">The code of the finding.</param>
/// <param name="message">What was observed, in one sentence.</param>
public sealed class DoctorFinding(DoctorFindingCode code, string message)
{
    /// <summary>The code of the finding, which programs use to distinguish findings.</summary>
    public DoctorFindingCode Code { get; } = code;

    /// <summary>The severity of the finding, which is always the same for one code.</summary>
    public DoctorSeverity Severity => DoctorFindingCatalog.Get(Code).Severity;

    /// <summary>What was observed, in one sentence.</summary>
    public string Message { get; } = message;

    /// <summary>The advice on what to do; null when there is nothing to do.</summary>
    public string? Advice => DoctorFindingCatalog.Get(Code).Advice;

    /// <summary>Gets severity, code, message and advice in one line.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => Advice is null ? $"{Severity} {Code}: {Message}" : $"{Severity} {Code}: {Message} {Advice}";
}

/// <summary>The severity of a finding; a greater value is worse.</summary>
public enum DoctorSeverity
{
    /// <summary>The checked item is correct.</summary>
    Ok = 0,

    /// <summary>Information; nothing is wrong.</summary>
    Info,

    /// <summary>Calls may be missed, delayed or duplicated, or an item could not be checked.</summary>
    Warning,

    /// <summary>Calls do not arrive, or do not arrive correctly.</summary>
    Error,
}
