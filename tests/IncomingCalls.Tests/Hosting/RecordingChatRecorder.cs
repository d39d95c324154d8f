namespace IncomingCalls.Tests.Hosting;

internal sealed class RecordingChatRecorder(TestRecorder journal) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        journal.Record($"record {record.Text} {record.ChatId?.Value} {record.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}
