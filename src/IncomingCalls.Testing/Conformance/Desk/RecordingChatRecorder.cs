namespace IncomingCalls.Testing;

/// <summary>Writes a line per chat record.</summary>
internal sealed class RecordingChatRecorder(HandlerRecorder diary) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        diary.Record($"record {record.Label} {record.Call.Key.IdMessage}");
        return ValueTask.CompletedTask;
    }
}
