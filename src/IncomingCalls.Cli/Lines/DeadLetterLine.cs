using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about a dead letter.</summary>
internal sealed class DeadLetterLine : IOutputLine
{
    public string Type { get; } = "deadLetter";

    public required long Id { get; init; }

    public required string EventId { get; init; }

    public required CallEventKind Kind { get; init; }

    /// <summary>The account of the instance; null when it has none.</summary>
    public string? Account { get; init; }

    public required string Handler { get; init; }

    public required int Attempts { get; init; }

    public required string Error { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset FailedAt { get; init; }

    public required bool IsReplayRequested { get; init; }

    /// <summary>Whether the text contains all properties, one per line.</summary>
    [JsonIgnore]
    public bool IsDetailed { get; init; }

    [JsonIgnore]
    public Style Style => IsReplayRequested ? Style.Plain : Color.Yellow;

    public static DeadLetterLine FromDeadLetter(DeadLetter letter, bool isDetailed = false) => new()
    {
        Id = letter.Id,
        EventId = letter.EventId,
        Kind = letter.Kind,
        Account = letter.Account,
        Handler = letter.Handler,
        Attempts = letter.Attempts,
        Error = letter.Error,
        OccurredAt = letter.OccurredAt,
        FailedAt = letter.FailedAt,
        IsReplayRequested = letter.IsReplayRequested,
        IsDetailed = isDetailed,
    };

    public string ToText(TimeProvider time) => !IsDetailed
        ? $"{Id,5}  {LocalDateTimeFormatter.Format(FailedAt, time)}  {Handler}: {EventId}, {Attempts} attempts. {Error}{(IsReplayRequested ? " (to be replayed)" : "")}"
        : string.Join(
            Environment.NewLine,
            $"dead letter {Id}{(IsReplayRequested ? ", to be replayed" : "")}",
            $"event       {EventId}",
            $"occurred    {Kind}, {LocalDateTimeFormatter.Format(OccurredAt, time)}",
            $"handler     {Handler}{(Account is null ? "" : $", account {Account}")}",
            $"failed      {LocalDateTimeFormatter.Format(FailedAt, time)}, after {Attempts} attempts",
            $"error       {Error}");
}

/// <summary>A line about a quarantined notification.</summary>
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

    /// <summary>The received notification as text; null in a list.</summary>
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
