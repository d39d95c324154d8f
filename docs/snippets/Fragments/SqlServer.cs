using System.Data;
using IncomingCalls;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Configuration;

namespace Fragments;

#region handler
internal sealed class SaveCallInSqlServer(IConfiguration configuration) : ICallEventHandler
{
    private const string Insert = "INSERT INTO dbo.calls (event_id, chat_id, kind, occurred_at) VALUES (@event, @chat, @kind, @at)";

    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await using var connection = new SqlConnection(configuration.GetConnectionString("crm"));
        await connection.OpenAsync(cancellationToken);
        await using var command = new SqlCommand(Insert, connection);
        command.Parameters.Add("@event", SqlDbType.NVarChar, 300).Value = callEvent.Id;
        command.Parameters.Add("@chat", SqlDbType.NVarChar, 100).Value = (object?)callEvent.Caller.ChatId?.Value ?? DBNull.Value;
        command.Parameters.Add("@kind", SqlDbType.NVarChar, 30).Value = callEvent.Kind.ToString();
        command.Parameters.Add("@at", SqlDbType.DateTimeOffset).Value = callEvent.OccurredAt;
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        // The primary key or another unique index has the id already: an earlier attempt has written the row, and what it has done is not repeated.
        catch (SqlException e) when (e.Number is 2627 or 2601)
        {
        }
    }
}
#endregion
