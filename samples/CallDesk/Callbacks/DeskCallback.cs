using System.Globalization;
using IncomingCalls;

namespace CallDesk.Callbacks;

/// <summary>A person who is to be called back, as the JSON of the API.</summary>
internal sealed record DeskCallback
{
    /// <summary>The number of the person in the inbox, as a text: a number of JavaScript does not have all its digits.</summary>
    public required string Id { get; init; }

    /// <summary>The person, as the page passes it on when an operator has called back.</summary>
    public required Person Person { get; init; }

    /// <summary>The instance of the last listed call.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The id of the last listed call, which opens the timeline of the caller.</summary>
    public required string CallId { get; init; }

    public required string ChatId { get; init; }

    /// <summary>The name that the newest of the calls with a name has; null when the desk knows none.</summary>
    public string? CallerName { get; init; }

    public required DateTime FirstMissedAt { get; init; }

    public required DateTime LastMissedAt { get; init; }

    /// <summary>The number of unanswered calls.</summary>
    public required int Count { get; init; }

    /// <summary>The number of unanswered outgoing calls since the first of them.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the inbox removes the callback, of which it raises no event.</summary>
    public required DateTime ExpiresAt { get; init; }

    public static DeskCallback From(OpenCallback callback, string? callerName) => new()
    {
        Id = callback.Id.ToString(CultureInfo.InvariantCulture),
        Person = callback.Person,
        IdInstance = callback.Calls[^1].IdInstance,
        CallId = callback.Calls[^1].IdMessage,
        ChatId = callback.Person.ChatId.Value,
        CallerName = callerName,
        FirstMissedAt = callback.FirstMissedAt.UtcDateTime,
        LastMissedAt = callback.LastMissedAt.UtcDateTime,
        Count = callback.Count,
        Attempts = callback.Attempts,
        ExpiresAt = callback.ExpiresAt.UtcDateTime,
    };
}
