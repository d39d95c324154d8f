using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

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

/// <summary>The settings that are not as calls want them, by name: an address or a token among them is nobody's to read.</summary>
internal sealed class SettingsLine : IOutputLine
{
    public string Type { get; } = "settings";

    public required long IdInstance { get; init; }

    public required IReadOnlyList<string> Differences { get; init; }

    public bool IsWritten { get; init; }

    [JsonIgnore]
    public Style Style => Differences.Count == 0 || IsWritten ? Color.Green : Color.Yellow;

    public string ToText(TimeProvider time) => this switch
    {
        { Differences.Count: 0 } => "Settings: all as they should be.",
        { IsWritten: true } => $"Settings: written {string.Join(", ", Differences)}. The instance restarts now.",
        _ => $"Settings: to be changed {string.Join(", ", Differences)}.",
    };
}
