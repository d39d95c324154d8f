using System.Text.Json.Serialization;
using Spectre.Console;

namespace IncomingCalls.Cli;

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
