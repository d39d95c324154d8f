using System.Text.Json.Serialization;
using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>How much waits.</summary>
internal sealed class InboxStatsLine : IOutputLine
{
    public string Type { get; } = "stats";

    public required long Depth { get; init; }

    public DateTimeOffset? WaitingSince { get; init; }

    public required long DeadLetters { get; init; }

    public required long Quarantined { get; init; }

    [JsonIgnore]
    public Style Style => DeadLetters + Quarantined == 0 ? Color.Green : Color.Yellow;

    public string ToText(TimeProvider time) => string.Join(
        Environment.NewLine,
        $"waiting       {Depth}{(WaitingSince is { } since ? $", the oldest since {LocalDateTimeFormatter.Format(since, time)}" : "")}",
        $"dead letters  {DeadLetters}",
        $"quarantine    {Quarantined}");
}
