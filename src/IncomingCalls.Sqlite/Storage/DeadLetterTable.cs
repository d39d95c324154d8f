using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>dead_letters</c> on behalf of the writer.</summary>
internal sealed class DeadLetterTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _insert = new(
        connection,
        "INSERT INTO dead_letters (event_id, handler, id_instance, id_message, failed_at, letter) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (event_id, handler) DO UPDATE SET failed_at = excluded.failed_at, letter = excluded.letter, replay_at = NULL");
    private readonly Statement _replayRequested = new(connection, "SELECT id, letter FROM dead_letters WHERE replay_at IS NOT NULL LIMIT ?1");
    private readonly Statement _withdrawReplay = new(connection, "UPDATE dead_letters SET replay_at = NULL WHERE id = ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM dead_letters WHERE id = ?1");
    private readonly Statement _findByCall = new(connection, "SELECT 1 FROM dead_letters WHERE id_instance = ?1 AND id_message = ?2 LIMIT 1");
    private readonly Statement _trim = new(
        connection,
        "DELETE FROM dead_letters WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY id_instance ORDER BY id DESC) AS place FROM dead_letters) WHERE place > ?1)");
    private readonly Statement _deleteOld = new(connection, "DELETE FROM dead_letters WHERE failed_at < ?1 AND replay_at IS NULL");

    private static readonly JsonTypeInfo<DeadLetterEntry> EntryTypeInfo = (JsonTypeInfo<DeadLetterEntry>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(DeadLetterEntry));

    /// <exception cref="JsonException">The dead letter cannot be read.</exception>
    public static DeadLetterEntry Read(byte[] letter) => JsonSerializer.Deserialize(letter, EntryTypeInfo) is { Event.Id: not null } entry
        ? entry
        : throw new JsonException("The dead letter has no event.");

    public void Insert(DeadLetterEntry letter) =>
        _insert.Execute(letter.Event.Id, letter.Handler, letter.Event.Call.IdInstance, letter.Event.Call.IdMessage, letter.FailedAt.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(letter, EntryTypeInfo));

    /// <summary>Deletes the oldest dead letters of each instance above a maximum; returns how many were deleted.</summary>
    public int Trim(int maxItems) => _trim.Execute(maxItems);

    /// <summary>Deletes the dead letters that failed before a time, unless their replay was requested; returns how many were deleted.</summary>
    public int DeleteOld(DateTimeOffset before) => _deleteOld.Execute(before.ToUnixTimeMilliseconds());

    /// <summary>Gets the stored dead letters whose replay was requested, to be read with <see cref="Read"/>.</summary>
    public List<(long Id, byte[] Letter)> ReplayRequested(int limit)
    {
        List<(long, byte[])> letters = [];
        using var rows = _replayRequested.Query(limit);
        while (rows.Read())
        {
            letters.Add((rows.Number(0), rows.Bytes(1)));
        }

        return letters;
    }

    /// <summary>Withdraws the request for the replay of a dead letter.</summary>
    public void WithdrawReplay(long id) => _withdrawReplay.Execute(id);

    public bool HasAny(CallKey call) => _findByCall.Number(call.IdInstance, call.IdMessage) is not null;

    public void Delete(long id) => _delete.Execute(id);

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_insert, _replayRequested, _withdrawReplay, _delete, _findByCall, _trim, _deleteOld])
        {
            statement.Dispose();
        }
    }
}
