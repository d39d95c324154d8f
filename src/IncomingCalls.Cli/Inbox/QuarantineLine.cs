using System.Text.Json.Serialization;
using Spectre.Console;

namespace IncomingCalls.Cli;

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
