using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using IncomingCalls.Inbox;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line of <c>tail</c>: an event of a call, or something else that stands in the queue.</summary>
internal sealed class TailLine : IOutputLine
{
    private const int KindWidth = 10;

    /// <summary><c>call</c>, <c>foreign</c> or <c>unreadable</c>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public long? IdInstance { get; init; }

    public string? CallId { get; init; }

    public CallEventKind? Kind { get; init; }

    public CallOutcome? Outcome { get; init; }

    /// <summary>The status as the gateway wrote it.</summary>
    public string? Status { get; init; }

    /// <summary>The caller's chat id, in full: this is the operator's own screen.</summary>
    public string? From { get; init; }

    public string? PhoneNumber { get; init; }

    public string? Name { get; init; }

    public string? NameSource { get; init; }

    /// <summary>The type of a foreign notification.</summary>
    public string? TypeWebhook { get; init; }

    /// <summary>Why the unreadable could not be read.</summary>
    public string? Reason { get; init; }

    [JsonIgnore]
    public Style Style => Kind switch
    {
        CallEventKind.Offered => Color.Yellow,
        CallEventKind.Answered => Color.Green,
        CallEventKind.Dropped or CallEventKind.Missed => Color.Red,
        _ => Color.Grey,
    };

    public static TailLine Create(StoredCallEvent happened, Call call, Caller caller) => new()
    {
        Type = "call",
        At = happened.OccurredAt,
        IdInstance = call.Key.IdInstance,
        CallId = call.Key.IdMessage,
        Kind = happened.Kind,
        Outcome = call.Outcome,
        Status = happened.Notification?.RawStatus,
        From = caller.ChatId?.Value,
        PhoneNumber = caller.ChatId?.PhoneNumber,
        Name = caller.Name,
        NameSource = caller.NameSource,
    };

    /// <summary>What is no call.</summary>
    public static TailLine Create(NotificationReading reading, DateTimeOffset now) => new()
    {
        Type = reading.Kind == NotificationKind.OtherType ? "foreign" : "unreadable",
        At = reading.Timestamp ?? now,
        IdInstance = reading.IdInstance,
        TypeWebhook = reading.Type,
        Reason = reading.Reason,
    };

    public string ToText(TimeProvider time) => $"{LocalTimeFormatter.Format(At, time)} {IdInstance,10} {Describe()}";

    private string Describe() => Type switch
    {
        "call" => $"{DescribeKind(),-KindWidth} {DescribeCaller()}",
        "foreign" => $"{"other",-KindWidth} {TypeWebhook}",
        _ => $"{"unreadable",-KindWidth} {Reason}",
    };

    private string DescribeKind() => Kind switch
    {
        CallEventKind.Offered when string.IsNullOrEmpty(Status) => "call",
        CallEventKind.Offered => "rings",
        CallEventKind.Answered => "answered",
        CallEventKind.Dropped => "dropped",
        CallEventKind.Missed => "missed",
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
