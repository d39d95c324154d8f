using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Administration;

/// <summary>Finds the calls of an inbox file, for an operator who asks what became of one.</summary>
internal static class StoredCallQuery
{
    public static IReadOnlyList<StoredCall> Run(SqliteConnection connection, StoredCallFilter filter, int limit)
    {
        List<StoredCall> calls = [];
        using var deadLetters = new Statement(connection, "SELECT id, letter, replay_at FROM dead_letters WHERE id_instance = ?1 AND id_message = ?2 ORDER BY id");
        using var statement = new Statement(
            connection,
            """
            SELECT c.id_instance, c.id_message, c.touched_at, c.facts, w.state FROM calls c LEFT JOIN work w ON w.call_id = c.id
            WHERE (?1 IS NULL OR c.id_instance = ?1) AND (?2 IS NULL OR c.id_message = ?2) ORDER BY c.id DESC
            """);
        using var rows = statement.Query(filter.IdInstance, filter.IdMessage);
        while (calls.Count < limit && rows.Read())
        {
            var key = new CallKey(rows.Number(0), rows.Text(1));
            if (TryRead(rows, key) is { } state)
            {
                if (filter.IsOfChat(state.History))
                {
                    calls.Add(new() { State = state, DeadLetters = FindDeadLetters(deadLetters, key) });
                }
            }
            else if (filter.IdMessage is not null)
            {
                throw new UnreadableCallException(key, $"The stored state of call {key.IdMessage} of instance {key.IdInstance} cannot be read. Other calls are not affected: stop the host, and restore the file or repair the row.");
            }
        }

        return calls;
    }

    /// <summary>Reads a call; returns null for one that cannot be read, which is skipped unless it was asked for.</summary>
    private static CallState? TryRead(StatementRows rows, CallKey key)
    {
        try
        {
            return CallStateSerializer.Read(key, rows.Number(2), CallStateSerializer.ReadFacts(rows.Bytes(3)), rows.IsNull(4) ? null : rows.Bytes(4));
        }
        catch (Exception e) when (e is not SqliteException)
        {
            return null;
        }
    }

    private static List<DeadLetter> FindDeadLetters(Statement statement, CallKey key)
    {
        List<DeadLetter> letters = [];
        using var rows = statement.Query(key.IdInstance, key.IdMessage);
        while (rows.Read())
        {
            letters.Add(FailedItemQuery.ToDeadLetter(rows));
        }

        return letters;
    }
}
