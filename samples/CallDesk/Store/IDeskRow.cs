using System.Text.Json.Serialization;
using IncomingCalls;

namespace CallDesk.Store;

/// <summary>The common properties of all rows of the desk. The rows are also the JSON of its API.</summary>
internal interface IDeskRow
{
    /// <summary>The primary key, which makes writes idempotent.</summary>
    string Id { get; }

    /// <summary>The chat id of the caller; null if the caller is unknown.</summary>
    string? ChatId { get; }

    /// <summary>When the event occurred, in UTC.</summary>
    DateTime At { get; }

    /// <summary>When the desk wrote the row, in UTC. It orders rows of the same second, since the timestamps of the gateway have a resolution of a second.</summary>
    DateTime WrittenAt { get; set; }
}

/// <summary>A call: one row, which is updated by the events of the call.</summary>
internal sealed class DeskCall : IDeskRow
{
    public required string Id { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public string? CallerName { get; init; }

    /// <summary>When the call began to ring or, without an offer, when its first event occurred, in UTC.</summary>
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

/// <summary>A call event, as it was first received.</summary>
internal sealed class DeskEvent : IDeskRow
{
    public required string Id { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public required CallEventKind Kind { get; init; }

    /// <summary>The status of the notification; null for an event without a notification, which the outcome timeout raises.</summary>
    public CallStatus? Status { get; init; }

    /// <summary>The status text of the gateway, if <see cref="Status"/> is unknown.</summary>
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

/// <summary>A record in the chat with a caller.</summary>
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
