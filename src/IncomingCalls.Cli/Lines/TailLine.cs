using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using IncomingCalls.Inbox;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line of <c>tail</c>: a call event, or another notification in the queue.</summary>
internal sealed class TailLine : IOutputLine
{
    private const int KindWidth = 10;

    /// <summary><c>call</c>, <c>other</c> or <c>unreadable</c>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public long? IdInstance { get; init; }

    public string? CallId { get; init; }

    public CallEventKind? Kind { get; init; }

    public CallOutcome? Outcome { get; init; }

    /// <summary>The status as the gateway spells it.</summary>
    public string? Status { get; init; }

    /// <summary>The chat id of the caller, unmasked, because the output is for the user of the tool and not a log.</summary>
    /// <summary>The direction of a call; null for another notification.</summary>
    public CallDirection? Direction { get; init; }

    public string? From { get; init; }

    public string? PhoneNumber { get; init; }

    public string? Name { get; init; }

    public string? NameSource { get; init; }

    /// <summary>The type of a notification that is not a call notification.</summary>
    public string? TypeWebhook { get; init; }

    /// <summary>The reason why a notification is unreadable.</summary>
    public string? Reason { get; init; }

    [JsonIgnore]
    public Style Style => Kind switch
    {
        CallEventKind.Offered => Color.Yellow,
        CallEventKind.Answered => Color.Green,
        CallEventKind.Dropped or CallEventKind.Missed => Color.Red,
        _ => Color.Grey,
    };

    public static TailLine Create(StoredCallEvent callEvent, Call call, Caller caller) => new()
    {
        Type = "call",
        At = callEvent.OccurredAt,
        IdInstance = call.Key.IdInstance,
        CallId = call.Key.IdMessage,
        Direction = call.Direction,
        Kind = callEvent.Kind,
        Outcome = call.Outcome,
        Status = callEvent.Notification?.RawStatus,
        From = caller.ChatId?.Value,
        PhoneNumber = caller.PhoneNumber,
        Name = caller.Name,
        NameSource = caller.NameSource,
    };

    /// <summary>Creates a line about a notification that is not a call notification.</summary>
    public static TailLine Create(NotificationReading reading, DateTimeOffset now) => new()
    {
        Type = reading.Kind == NotificationKind.OtherType ? "other" : "unreadable",
        At = reading.Timestamp ?? now,
        IdInstance = reading.IdInstance,
        TypeWebhook = reading.Type,
        Reason = reading.Reason,
    };

    public string ToText(TimeProvider time) => $"{LocalTimeFormatter.Format(At, time)} {IdInstance,10} {Describe()}";

    private string Describe() => Type switch
    {
        "call" => $"{DescribeKind(),-KindWidth} {DescribeCaller()}",
        "other" => $"{"other",-KindWidth} {TypeWebhook}",
        _ => $"{"unreadable",-KindWidth} {Reason}",
    };

    private string DescribeKind() => Kind switch
    {
        CallEventKind.Offered when string.IsNullOrEmpty(Status) => "call",
        CallEventKind.Offered => "rings",
        CallEventKind.Answered when Direction == CallDirection.Outgoing => "called",
        CallEventKind.Answered => "answered",
        CallEventKind.Dropped => "dropped",
        CallEventKind.Missed => "missed",
        CallEventKind.NotAnswered => "no answer",
        CallEventKind.Failed => "failed",
        _ => Status ?? "",
    };

    private string DescribeCaller() => (Name, PhoneNumber ?? From) switch
    {
        (null, null) => "anonymous",
        (null, var number) => number!,
        (var name, null) => name,
        var (name, number) => $"{name} ({number})",
    };
}
