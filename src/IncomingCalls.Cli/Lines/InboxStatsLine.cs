using System.Text.Json.Serialization;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about the backlog and the failed items of an inbox.</summary>
internal sealed class InboxStatsLine : IOutputLine
{
    public string Type { get; } = "stats";

    public required long Depth { get; init; }

    public required long? Ready { get; init; }

    public required long? WaitingForCallerName { get; init; }

    public required long? WaitingForRetry { get; init; }

    public required long? Settling { get; init; }

    public required long? Paused { get; init; }

    public required long? PausedDestinations { get; init; }

    public DateTimeOffset? WaitingSince { get; init; }

    public required long DeadLetters { get; init; }

    public required long Quarantined { get; init; }

    [JsonIgnore]
    public Style Style => DeadLetters + Quarantined + (PausedDestinations ?? 0) == 0 ? Color.Green : Color.Yellow;

    public string ToText(TimeProvider time) => string.Join(Environment.NewLine, Describe(time));

    private IEnumerable<string> Describe(TimeProvider time)
    {
        yield return $"pending       {Depth}{(WaitingSince is { } since ? $": {DescribePending()}; the oldest since {LocalDateTimeFormatter.Format(since, time)}" : "")}";
        if (PausedDestinations > 0)
        {
            yield return $"paused        {PausedDestinations} destinations: 'inbox pauses' lists them";
        }

        yield return $"dead letters  {DeadLetters}";
        yield return $"quarantine    {Quarantined}";
    }

    private string DescribePending() =>
        $"{Ready} due, {WaitingForCallerName} waiting for a name, {WaitingForRetry} for a retry, {Settling} for their settle time, {Paused} for a paused destination";
}

/// <summary>A line about items that were replayed or purged.</summary>
internal sealed class InboxChangeLine : IOutputLine
{
    /// <summary><c>replay</c> or <c>purge</c>.</summary>
    public required string Type { get; init; }

    public required InboxPart Part { get; init; }

    public required int Count { get; init; }

    /// <summary>Whether the items were selected by a filter.</summary>
    [JsonIgnore]
    public bool IsFiltered { get; init; }

    [JsonIgnore]
    public Style Style => Color.Green;

    public string ToText(TimeProvider time) => Count == 0 ? $"There are no {(IsFiltered ? "such " : "")}items in the {InboxPartOption.DisplayNameOf(Part)}."
        : Type == "replay" ? $"{Count} from the {InboxPartOption.DisplayNameOf(Part)} to be replayed: within seconds if a host is running, otherwise when a host starts."
        : $"{Count} purged from the {InboxPartOption.DisplayNameOf(Part)}.";
}
