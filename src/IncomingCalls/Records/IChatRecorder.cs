namespace IncomingCalls;

/// <summary>Writes chat records to the host's chat or CRM. It is a handler with a name and progress of its own.</summary>
public interface IChatRecorder
{
    /// <summary>Writes one record. Runs at least once; <see cref="ChatRecord.EventId"/> makes a repeat recognisable.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Signalled when the time limit passes or the host stops.</param>
    /// <returns>When it is written.</returns>
    ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken);
}

/// <summary>A line that belongs into the chat with the caller.</summary>
public sealed class ChatRecord
{
    /// <summary>The identity of the event behind the record: the key when every status is a line of its own.</summary>
    public required string EventId { get; init; }

    /// <summary>The call. For one line per call, upsert by <see cref="Call.Key"/> where <see cref="Call.Version"/> grows.</summary>
    public required Call Call { get; init; }

    /// <summary>The chat; null when the gateway named no caller.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>What the record says.</summary>
    public required CallLabel Label { get; init; }

    /// <summary>The label in the language of the instance.</summary>
    public required string Text { get; init; }

    /// <summary>Who rang.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The outcome that this record corrects; <see cref="CallOutcome.None"/> for a first one.</summary>
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>When it happened, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
