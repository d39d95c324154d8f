using System.Text.Json.Serialization;
using IncomingCalls;

namespace CallDesk.Store;

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
