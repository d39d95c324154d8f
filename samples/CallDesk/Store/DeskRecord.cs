using System.Text.Json.Serialization;
using IncomingCalls;

namespace CallDesk.Store;

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
