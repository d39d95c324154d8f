using System.Text.Json.Serialization;
using IncomingCalls;

namespace CallDesk.Store;

/// <summary>What every row of the desk has. The rows are also the JSON of the desk's API.</summary>
internal interface IDeskRow
{
    /// <summary>The primary key: writing the same row again changes nothing.</summary>
    string Id { get; }

    /// <summary>Whose it is; null when nobody said who calls.</summary>
    string? ChatId { get; }

    /// <summary>When it happened, in UTC.</summary>
    DateTime At { get; }

    /// <summary>When the desk wrote it, in UTC: the gateway's times are to the second, and rows of one second have an order too.</summary>
    DateTime WrittenAt { get; set; }
}

/// <summary>A call: one row, which fills in as the call goes on.</summary>
internal sealed class DeskCall : IDeskRow
{
    public required string Id { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public string? CallerName { get; init; }

    /// <summary>When it began to ring, or when we first heard of it.</summary>
    public required DateTime At { get; init; }

    public CallOutcome Outcome { get; init; }

    public DateTime? OutcomeAt { get; init; }

    [JsonIgnore]
    public DateTime WrittenAt { get; set; }

    public static DeskCall From(Call call, DateTimeOffset occurredAt) => new()
    {
        Id = call.Key.ToString(),
        IdInstance = call.Key.IdInstance,
        CallId = call.Key.IdMessage,
        ChatId = call.Caller.ChatId?.Value,
        CallerName = call.Caller.Name,
        At = (call.OfferedAt ?? occurredAt).UtcDateTime,
        Outcome = call.Outcome,
        OutcomeAt = call.OutcomeAt?.UtcDateTime,
    };
}

/// <summary>A call event as the desk first saw it.</summary>
internal sealed class DeskEvent : IDeskRow
{
    public required string Id { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public required CallEventKind Kind { get; init; }

    /// <summary>Null when no notification brought the event: no outcome came in time.</summary>
    public CallStatus? Status { get; init; }

    /// <summary>The gateway's text where <see cref="Status"/> has no name for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RawStatus { get; init; }

    public required bool IsLive { get; init; }

    public required DateTime At { get; init; }

    [JsonIgnore]
    public DateTime WrittenAt { get; set; }

    public static DeskEvent From(CallEvent callEvent) => new()
    {
        Id = callEvent.Id,
        IdInstance = callEvent.Call.Key.IdInstance,
        CallId = callEvent.Call.Key.IdMessage,
        ChatId = callEvent.Caller.ChatId?.Value,
        Kind = callEvent.Kind,
        Status = callEvent.Notification?.Status,
        RawStatus = callEvent.Notification is { Status: CallStatus.Unknown } unknown ? unknown.RawStatus : null,
        IsLive = callEvent.IsLive,
        At = callEvent.OccurredAt.UtcDateTime,
    };
}

/// <summary>A line in the chat with a caller.</summary>
internal sealed class DeskRecord : IDeskRow
{
    public required string Id { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public required CallLabel Label { get; init; }

    public required string Text { get; init; }

    public string? CallerName { get; init; }

    public required DateTime At { get; init; }

    [JsonIgnore]
    public DateTime WrittenAt { get; set; }

    public static DeskRecord From(ChatRecord record) => new()
    {
        Id = record.EventId,
        IdInstance = record.Call.Key.IdInstance,
        CallId = record.Call.Key.IdMessage,
        ChatId = record.ChatId?.Value,
        Label = record.Label,
        Text = record.Text,
        CallerName = record.Caller.DisplayName,
        At = record.OccurredAt.UtcDateTime,
    };
}

/// <summary>An alert for the operators: the call rings until <see cref="EndedAt"/>, and no longer than <see cref="ExpiresAt"/>.</summary>
internal sealed class DeskAlert : IDeskRow
{
    public required string Id { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public string? CallerName { get; init; }

    public required DateTime At { get; init; }

    public required DateTime ExpiresAt { get; init; }

    public DateTime? EndedAt { get; init; }

    [JsonIgnore]
    public DateTime WrittenAt { get; set; }

    public static DeskAlert From(OperatorAlert alert) => new()
    {
        Id = alert.EventId,
        IdInstance = alert.Call.Key.IdInstance,
        CallId = alert.Call.Key.IdMessage,
        ChatId = alert.ChatId?.Value,
        CallerName = alert.Caller.DisplayName,
        At = alert.OccurredAt.UtcDateTime,
        ExpiresAt = alert.ExpiresAt.UtcDateTime,
    };
}

/// <summary>Whether an operator has called back who was not answered.</summary>
internal sealed class DeskCallback : IDeskRow
{
    /// <summary>The call's.</summary>
    public required string Id { get; init; }

    public string? ChatId { get; init; }

    /// <summary>The call's, so that a day's calls and callbacks are read alike.</summary>
    public required DateTime At { get; init; }

    /// <summary>When an operator said so, in UTC; null when it was taken back.</summary>
    public DateTime? CalledBackAt { get; init; }

    /// <summary>When either was said last, in UTC: pages keep the later word.</summary>
    public DateTime ChangedAt { get; init; }

    [JsonIgnore]
    public DateTime WrittenAt { get; set; }

    public static DeskCallback From(DeskCall call) => new() { Id = call.Id, ChatId = call.ChatId, At = call.At };
}
