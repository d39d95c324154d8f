using System.Text.Json.Serialization;
using IncomingCalls;

namespace CallDesk.Store;

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
