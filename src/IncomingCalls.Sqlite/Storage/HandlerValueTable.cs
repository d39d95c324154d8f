using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>handler_values</c>. A reservation is a row without a value.</summary>
internal sealed class HandlerValueTable(SqliteConnection connection) : IDisposable
{
    private const string Key = "handler = ?1 AND kind = ?2 AND account = ?3 AND id_instance = ?4 AND subject = ?5 AND name = ?6";

    private const string Upsert =
        "INSERT INTO handler_values (handler, kind, account, id_instance, subject, name, value, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (handler, kind, account, id_instance, subject, name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at";

    private readonly Statement _find = new(connection, $"SELECT value FROM handler_values WHERE {Key} AND value IS NOT NULL AND expires_at > ?7");
    private readonly Statement _save = new(connection, Upsert);
    private readonly Statement _reserve = new(connection, $"{Upsert} WHERE handler_values.expires_at <= ?9");

    // A value of a call outlives the dead letters of the call, whose replays need it.
    private readonly Statement _deleteExpired = new(
        connection,
        $"""
        DELETE FROM handler_values WHERE id IN (
            SELECT v.id FROM handler_values v WHERE v.expires_at <= ?1
              AND (v.kind <> {(int)HandlerKeyKind.Call} OR NOT EXISTS (SELECT 1 FROM dead_letters d WHERE d.id_instance = v.id_instance AND d.id_message = v.subject))
            ORDER BY v.expires_at LIMIT ?2)
        """);

    private readonly Statement _renew = new(
        connection,
        $"UPDATE handler_values SET expires_at = MAX(expires_at, ?4) WHERE handler = ?1 AND kind = {(int)HandlerKeyKind.Call} AND account = '' AND id_instance = ?2 AND subject = ?3 AND value IS NOT NULL AND expires_at > ?5");

    /// <summary>Finds a value; null when there is none that has not expired.</summary>
    public string? Find(string handler, HandlerKey key, DateTimeOffset now)
    {
        using var row = _find.Query(handler, (int)key.Kind, key.Account ?? "", key.IdInstance ?? 0, key.Subject, key.Name, now.ToUnixTimeMilliseconds());
        return row.Read() ? row.Text(0) : null;
    }

    public void Save(string handler, HandlerKey key, string value, DateTimeOffset expiresAt) =>
        _save.Execute(handler, (int)key.Kind, key.Account ?? "", key.IdInstance ?? 0, key.Subject, key.Name, value, expiresAt.ToUnixTimeMilliseconds());

    /// <summary>Reserves a key; returns false when it has a value or a reservation that has not expired.</summary>
    public bool TryReserve(string handler, HandlerKey key, DateTimeOffset until, DateTimeOffset now) => _reserve.Execute(
        handler, (int)key.Kind, key.Account ?? "", key.IdInstance ?? 0, key.Subject, key.Name, (string?)null, until.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Deletes values that have expired, the oldest first; returns how many.</summary>
    public int DeleteExpired(DateTimeOffset now, int limit) => _deleteExpired.Execute(now.ToUnixTimeMilliseconds(), limit);

    /// <summary>Makes the values of a call and handler valid again that had not expired when its delivery became a dead letter.</summary>
    public void Renew(DeadLetterEntry replayed, DateTimeOffset now) => _renew.Execute(
        replayed.Handler,
        replayed.Event.Call.IdInstance,
        replayed.Event.Call.IdMessage,
        (now + IHandlerValueStore.DefaultLifetime).ToUnixTimeMilliseconds(),
        replayed.FailedAt.ToUnixTimeMilliseconds());

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_find, _save, _reserve, _deleteExpired, _renew])
        {
            statement.Dispose();
        }
    }
}
