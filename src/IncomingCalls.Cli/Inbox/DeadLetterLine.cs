using System.Text.Json.Serialization;
using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>An event whose handler gave up.</summary>
internal sealed class DeadLetterLine : IOutputLine
{
    public string Type { get; } = "deadLetter";

    public required long Id { get; init; }

    public required string EventId { get; init; }

    public required CallEventKind Kind { get; init; }

    public required string Handler { get; init; }

    public required int Attempts { get; init; }

    public required string Error { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset FailedAt { get; init; }

    public required bool IsReplayRequested { get; init; }

    /// <summary>Whether everything is told, one thing a line.</summary>
    [JsonIgnore]
    public bool IsDetailed { get; init; }

    [JsonIgnore]
    public Style Style => IsReplayRequested ? Style.Plain : Color.Yellow;

    public static DeadLetterLine FromDeadLetter(DeadLetter letter, bool isLong = false) => new()
    {
        Id = letter.Id,
        EventId = letter.EventId,
        Kind = letter.Kind,
        Handler = letter.Handler,
        Attempts = letter.Attempts,
        Error = letter.Error,
        OccurredAt = letter.OccurredAt,
        FailedAt = letter.FailedAt,
        IsReplayRequested = letter.IsReplayRequested,
        IsDetailed = isLong,
    };

    public string ToText(TimeProvider time) => !IsDetailed
        ? $"{Id,5}  {LocalDateTimeFormatter.Format(FailedAt, time)}  {Handler}: {EventId}, {Attempts} attempts. {Error}{(IsReplayRequested ? " (to be replayed)" : "")}"
        : string.Join(
            Environment.NewLine,
            $"dead letter {Id}{(IsReplayRequested ? ", to be replayed" : "")}",
            $"event       {EventId}",
            $"happened    {Kind}, {LocalDateTimeFormatter.Format(OccurredAt, time)}",
            $"handler     {Handler}",
            $"gave up     {LocalDateTimeFormatter.Format(FailedAt, time)}, after {Attempts} attempts",
            $"error       {Error}");
}
