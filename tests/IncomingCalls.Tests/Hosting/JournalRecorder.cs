namespace IncomingCalls.Tests.Hosting;

internal sealed class JournalRecorder(Journal journal) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        journal.Write($"record {record.Text} {record.ChatId?.Value} {record.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}
