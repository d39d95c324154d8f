using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>A call in a durable inbox, with its pending and its failed deliveries. Of a delivery that succeeded, nothing is stored.</summary>
[Experimental("ICEXP001")]
public sealed class StoredCall
{
    /// <summary>The call with its pending deliveries.</summary>
    public required CallState State { get; init; }

    /// <summary>The dead letters of the call, oldest first.</summary>
    public required IReadOnlyList<DeadLetter> DeadLetters { get; init; }
}

/// <summary>Selects calls of a durable inbox. A property that is null selects all.</summary>
[Experimental("ICEXP001")]
public sealed class StoredCallFilter
{
    /// <summary>The instance of the call.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The id of the call.</summary>
    public string? IdMessage { get; init; }

    /// <summary>The chat id of the caller, or the phone number with or without the plus sign.</summary>
    public string? Chat { get; init; }

    /// <summary>Whether the filter selects all calls.</summary>
    public bool IsEmpty => this is { IdInstance: null, IdMessage: null, Chat: null };

    /// <summary>Returns whether any notification of a call names the chat: one may have the linked id, and another the phone number.</summary>
    /// <param name="history">The facts of the call.</param>
    /// <returns>Whether <see cref="Chat"/> is null or named by a fact.</returns>
    public bool IsOfChat(CallHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Chat is null || history.Facts.Any(fact => fact.From is { } from && IsSameChat(from));
    }

    private bool IsSameChat(ChatId from) => from.Value == Chat || from.PhoneNumber == $"+{Chat!.TrimStart('+')}";
}
