using IncomingCalls;
using Npgsql;

namespace Guides.Recorders;

#region rows
internal sealed class NpgsqlCallRows(NpgsqlDataSource database) : ICallEventHandler
{
    private const string Upsert = """
        INSERT INTO calls (id_instance, id_message, version, chat_id, caller_name, outcome, offered_at, outcome_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id_instance, id_message) DO UPDATE SET
            version = excluded.version, chat_id = excluded.chat_id, caller_name = coalesce(excluded.caller_name, calls.caller_name),
            outcome = excluded.outcome, offered_at = excluded.offered_at, outcome_at = excluded.outcome_at
        WHERE calls.version <= excluded.version
        """;

    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var call = callEvent.Call;
        await using var command = database.CreateCommand(Upsert);
        foreach (var value in new object?[]
        {
            call.Key.IdInstance, call.Key.IdMessage, call.Version, call.Caller.ChatId?.Value, callEvent.Caller.Name,
            call.Outcome.ToString(), call.OfferedAt?.UtcDateTime, call.OutcomeAt?.UtcDateTime,
        })
        {
            command.Parameters.AddWithValue(value ?? DBNull.Value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
#endregion
