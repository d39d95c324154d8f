using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

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

/// <summary>A notification that could not be read.</summary>
internal sealed class QuarantineLine : IOutputLine
{
    public string Type { get; } = "quarantine";

    public required long Id { get; init; }

    public required string Reason { get; init; }

    public required string Explanation { get; init; }

    public required int Length { get; init; }

    public required string Sha256 { get; init; }

    public long? IdInstance { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required bool IsReplayRequested { get; init; }

    /// <summary>What was received, as text; null where only the list is shown.</summary>
    public string? Body { get; init; }

    [JsonIgnore]
    public Style Style => IsReplayRequested ? Style.Plain : Color.Yellow;

    public static QuarantineLine FromItem(QuarantineItem item, string? body = null) => new()
    {
        Id = item.Id,
        Reason = item.Reason,
        Explanation = item.Explanation,
        Length = item.Length,
        Sha256 = item.Sha256,
        IdInstance = item.IdInstance,
        ReceivedAt = item.ReceivedAt,
        IsReplayRequested = item.IsReplayRequested,
        Body = body,
    };

    public string ToText(TimeProvider time) => Body is null
        ? $"{Id,5}  {LocalDateTimeFormatter.Format(ReceivedAt, time)}  {Reason}, {Length} bytes{InstanceSuffix}. {Explanation}{(IsReplayRequested ? " (to be replayed)" : "")}"
        : string.Join(
            Environment.NewLine,
            $"quarantined {Id}{(IsReplayRequested ? ", to be replayed" : "")}",
            $"received    {LocalDateTimeFormatter.Format(ReceivedAt, time)}{InstanceSuffix}",
            $"reason      {Reason}: {Explanation}",
            $"content     {Length} bytes, SHA-256 {Sha256}",
            Body);

    private string InstanceSuffix => IdInstance is { } idInstance ? $", instance {idInstance}" : "";
}
