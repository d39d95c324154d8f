using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about a finding of the doctor.</summary>
internal sealed class DoctorLine : IOutputLine
{
    /// <summary>The type of the line, for programs.</summary>
    public string Type { get; } = "finding";

    public required long IdInstance { get; init; }

    public required DoctorSeverity Severity { get; init; }

    public required DoctorFindingCode Code { get; init; }

    public required string Message { get; init; }

    public string? Advice { get; init; }

    /// <summary>Whether several instances are examined, so that the line begins with its instance.</summary>
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
        Message = finding.Message,
        IsOneOfSeveral = isOneOfSeveral,
        Advice = finding.Severity is DoctorSeverity.Ok ? null : finding.Advice,
    };

    public string ToText(TimeProvider time) =>
        $"{InstancePrefix}{$"{Severity}",-8} {$"{Code}",-24} {Message}{(Advice is null ? "" : $"{Environment.NewLine}{new string(' ', InstancePrefix.Length)}{"",33} -> {Advice}")}";

    private string InstancePrefix => IsOneOfSeveral ? $"{IdInstance,10} " : "";
}

/// <summary>
/// A line about the settings that differ from the wanted values. It contains their names only, because an address or a token may be secret.
/// </summary>
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
        { Differences.Count: 0 } => "All settings have the wanted values.",
        { IsWritten: true } => $"Settings written: {string.Join(", ", Differences)}. The instance restarts now.",
        _ => $"Settings to change: {string.Join(", ", Differences)}.",
    };
}
