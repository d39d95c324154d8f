using IncomingCalls;
using Npgsql;

namespace Guides.Recorders;

#region log
internal sealed class NpgsqlCallLog(NpgsqlDataSource database) : IChatRecorder
{
    private const string Insert = """
        INSERT INTO call_log (event_id, chat_id, caller_name, text, occurred_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (event_id) DO NOTHING
        """;

    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Insert);
        foreach (var value in new object?[] { record.EventId, record.ChatId?.Value, record.Caller.Name, record.Text, record.OccurredAt.UtcDateTime })
        {
            command.Parameters.AddWithValue(value ?? DBNull.Value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
#endregion
