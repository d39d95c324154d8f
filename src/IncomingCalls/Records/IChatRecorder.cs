namespace IncomingCalls;

/// <summary>
/// Writes chat records to the host's chat or CRM. Register it with
/// <see cref="Microsoft.Extensions.DependencyInjection.IncomingCallsBuilderExtensions.AddChatRecorder{T}(Microsoft.Extensions.DependencyInjection.IIncomingCallsBuilder, string?)"/>. A recorder is a handler with its own
/// name, progress and retries.
/// </summary>
public interface IChatRecorder
{
    /// <summary>Writes one record. It runs at least once per record; <see cref="ChatRecord.EventId"/> is the idempotency key.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Signalled when the handler's timeout elapses or the host stops.</param>
    /// <returns>A task that completes when the record is written.</returns>
    ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken);
}

/// <summary>A record of a call for the chat with the caller.</summary>
public sealed class ChatRecord
{
    /// <summary>The <see cref="CallEvent.Id"/> of the event. Use it as the key when every event is a separate record.</summary>
    public required string EventId { get; init; }

    /// <summary>
    /// The call as it is now, which may be newer than the event. For one row per call, upsert by <see cref="Call.Key"/>, ignore an older
    /// <see cref="Call.Version"/>, and do not store <see cref="Text"/> in the row, since it belongs to the event.
    /// </summary>
    public required Call Call { get; init; }

    /// <summary>The chat with the caller; null when the gateway named no caller.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>The label of the record.</summary>
    public required CallLabel Label { get; init; }

    /// <summary>The text of the label, as configured for the instance or in its language, with its placeholders replaced.</summary>
    public required string Text { get; init; }

    /// <summary>The caller, with the name if it is known.</summary>
    public required Caller Caller { get; init; }

    /// <inheritdoc cref="CallEvent.Person"/>
    public Person? Person
    {
        get => field ?? Person.Of(Caller.ChatId, Call.Key.IdInstance, account: null);
        init;
    }

    /// <summary>The outcome that this record corrects; <see cref="CallOutcome.None"/> for a first one.</summary>
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>When the event occurred, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
