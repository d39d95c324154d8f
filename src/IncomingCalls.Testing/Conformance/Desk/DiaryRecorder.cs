namespace IncomingCalls.Testing;

/// <summary>Writes a line per chat record.</summary>
internal sealed class DiaryRecorder(Diary diary) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        diary.Write($"record {record.Label} {record.Call.Key.IdMessage}");
        return ValueTask.CompletedTask;
    }
}
