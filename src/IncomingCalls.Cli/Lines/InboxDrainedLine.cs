using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line that says whether an inbox is drained, and what it still has to do.</summary>
internal sealed class InboxDrainedLine : IOutputLine
{
    public string Type { get; } = "drained";

    public required bool IsDrained { get; init; }

    public required long Pending { get; init; }

    public required int RequestedReplays { get; init; }

    public required int DeadLetters { get; init; }

    public required int Quarantined { get; init; }

    [JsonIgnore]
    public Style Style => IsDrained ? Color.Green : Color.Yellow;

    public string ToText(TimeProvider time) => string.Join(
        Environment.NewLine,
        IsDrained ? "drained       yes: nothing is pending" : $"drained       no: {Pending} pending, {RequestedReplays} to be replayed. The host has to run, and must not receive new calls",
        $"dead letters  {DeadLetters}",
        $"quarantine    {Quarantined}");
}
