using System.Text.Json.Serialization;
using IncomingCalls;

namespace CallDesk.Store;

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
