using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>names</c>, which contains the cached names and phone numbers of callers.</summary>
internal sealed class CallerNameTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _set = new(
        connection,
        """
        INSERT INTO names (id_instance, chat_id, name, source, expires_at, phone, phone_expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (id_instance, chat_id) DO UPDATE SET name = excluded.name, source = excluded.source, expires_at = excluded.expires_at,
            phone = COALESCE(excluded.phone, phone), phone_expires_at = COALESCE(excluded.phone_expires_at, phone_expires_at)
        """);

    private readonly Statement _setNumber = new(
        connection,
        """
        INSERT INTO names (id_instance, chat_id, name, source, expires_at, phone, phone_expires_at) VALUES (?1, ?2, '', '', ?4, ?3, ?4)
        ON CONFLICT (id_instance, chat_id) DO UPDATE SET phone = excluded.phone, phone_expires_at = excluded.phone_expires_at,
            expires_at = CASE WHEN name = '' THEN excluded.expires_at ELSE expires_at END
        """);

    private readonly Statement _deleteExpired = new(connection, "DELETE FROM names WHERE expires_at <= ?1 AND COALESCE(phone_expires_at, 0) <= ?1");

    /// <summary>Adds all names and numbers that have not expired to the cache.</summary>
    public static void Restore(SqliteConnection connection, DateTimeOffset now, InboxCallerNames names)
    {
        using var statement = new Statement(
            connection,
            """
            SELECT id_instance, chat_id, name, source, expires_at, CASE WHEN phone_expires_at > ?1 THEN phone END, COALESCE(phone_expires_at, 0) FROM names
            WHERE expires_at > ?1 OR phone_expires_at > ?1 ORDER BY expires_at
            """);
        using var rows = statement.Query(now.ToUnixTimeMilliseconds());
        while (rows.Read())
        {
            // A row that cannot be read expires; the name is looked up again.
            if (ChatId.TryParse(rows.Text(1), out var chatId))
            {
                var phone = rows.IsNull(5) ? null : rows.Text(5);
                names.Restore(new CachedCallerName
                {
                    IdInstance = rows.Number(0),
                    ChatId = chatId,
                    // That of a linked id has its own expiry.
                    Name = new() { Name = rows.Text(2), Source = rows.Text(3), PhoneNumber = chatId.Kind == ChatIdKind.Lid ? null : phone },
                    ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(4)),
                });
                if (phone is not null)
                {
                    names.RestoreNumber(new() { IdInstance = rows.Number(0), ChatId = chatId, PhoneNumber = phone, ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(6)) });
                }
            }
        }
    }

    public void Set(CachedCallerName name) => _set.Execute(
        name.IdInstance,
        name.ChatId.Value,
        name.Name.Name,
        name.Name.Source,
        name.ExpiresAt.ToUnixTimeMilliseconds(),
        name.Name.PhoneNumber,
        name.Name.PhoneNumber is null ? (long?)null : name.ExpiresAt.ToUnixTimeMilliseconds());

    /// <summary>Stores a number, or that it is hidden, beside the name of the caller.</summary>
    public void Set(CachedCallerNumber number) =>
        _setNumber.Execute(number.IdInstance, number.ChatId.Value, number.PhoneNumber ?? "", number.ExpiresAt.ToUnixTimeMilliseconds());

    public void DeleteExpired(DateTimeOffset now) => _deleteExpired.Execute(now.ToUnixTimeMilliseconds());

    public void Dispose()
    {
        _set.Dispose();
        _setNumber.Dispose();
        _deleteExpired.Dispose();
    }
}
