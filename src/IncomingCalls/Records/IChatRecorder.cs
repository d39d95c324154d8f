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
