using System.Globalization;
using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about a destination to which deliveries are paused.</summary>
internal sealed class PauseLine : IOutputLine
{
    public string Type { get; } = "pause";

    public required string Handler { get; init; }

    public required string Destination { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>When the next probe is due, or the delay ends.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Whether the destination is unavailable; otherwise it has asked for a delay.</summary>
    public required bool IsUnavailable { get; init; }

    public required int Failures { get; init; }

    public required string Reason { get; init; }

    [JsonIgnore]
    public Style Style => IsUnavailable ? Color.Yellow : Style.Plain;

    public static PauseLine FromPause(DestinationPause pause) => new()
    {
        Handler = pause.Handler,
        Destination = pause.Destination,
        Since = pause.Since,
        Until = pause.Until,
        IsUnavailable = pause.IsUnavailable,
        Failures = pause.Failures,
        Reason = pause.Reason,
    };

    public string ToText(TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{LocalDateTimeFormatter.Format(Since, time)}  {Handler} to {Destination}: {(IsUnavailable ? $"unavailable, {Failures} failures, next probe" : "delayed until")} {LocalDateTimeFormatter.Format(Until, time)}. {Reason}");
}

/// <summary>A line about pauses that were ended.</summary>
internal sealed class InboxResumeLine : IOutputLine
{
    public string Type { get; } = "resume";

    public required int Count { get; init; }

    [JsonIgnore]
    public Style Style => Color.Green;

    public string ToText(TimeProvider time) => Count == 0
        ? "No destination is paused."
        : string.Create(CultureInfo.InvariantCulture, $"{Count} pauses ended: the deliveries continue within seconds if a host is running, otherwise when a host starts.");
}
