using System.Text.Json.Serialization;
using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>One thing that the doctor found.</summary>
internal sealed class DoctorLine : IOutputLine
{
    /// <summary>What kind of line it is, for programs.</summary>
    public string Type { get; } = "finding";

    public required long IdInstance { get; init; }

    public required DoctorSeverity Severity { get; init; }

    public required DoctorFindingCode Code { get; init; }

    public required string Seen { get; init; }

    public string? Advice { get; init; }

    /// <summary>Whether others are examined too, so that a line has to say whose it is.</summary>
    [JsonIgnore]
    public bool IsOneOfSeveral { get; init; }

    [JsonIgnore]
    public Style Style => Severity switch
    {
        DoctorSeverity.Error => Color.Red,
        DoctorSeverity.Warning => Color.Yellow,
        DoctorSeverity.Ok => Color.Green,
        _ => Style.Plain,
    };

    public static DoctorLine FromFinding(long idInstance, DoctorFinding finding, bool isOneOfSeveral) => new()
    {
        IdInstance = idInstance,
        Severity = finding.Severity,
        Code = finding.Code,
        Seen = finding.Message,
        IsOneOfSeveral = isOneOfSeveral,
        Advice = finding.Severity is DoctorSeverity.Ok ? null : finding.Advice,
    };

    public string ToText(TimeProvider time) =>
        $"{InstancePrefix}{$"{Severity}",-8} {$"{Code}",-24} {Seen}{(Advice is null ? "" : $"{Environment.NewLine}{new string(' ', InstancePrefix.Length)}{"",33} -> {Advice}")}";

    private string InstancePrefix => IsOneOfSeveral ? $"{IdInstance,10} " : "";
}
