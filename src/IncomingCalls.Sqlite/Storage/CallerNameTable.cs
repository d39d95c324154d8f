using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>names</c>, which contains the cached names of callers.</summary>
internal sealed class CallerNameTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _set = new(
        connection,
        "INSERT INTO names (id_instance, chat_id, name, source, expires_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id_instance, chat_id) DO UPDATE SET name = excluded.name, source = excluded.source, expires_at = excluded.expires_at");

    private readonly Statement _deleteExpired = new(connection, "DELETE FROM names WHERE expires_at <= ?1");

    /// <summary>Gets all names that have not expired.</summary>
    public static IReadOnlyList<CachedCallerName> Read(SqliteConnection connection, DateTimeOffset now)
    {
        List<CachedCallerName> names = [];
        using var statement = new Statement(connection, "SELECT id_instance, chat_id, name, source, expires_at FROM names WHERE expires_at > ?1 ORDER BY expires_at");
        using var rows = statement.Query(now.ToUnixTimeMilliseconds());
        while (rows.Read())
        {
            // A row that cannot be read expires; the name is looked up again.
            if (ChatId.TryParse(rows.Text(1), out var chatId))
            {
                names.Add(new()
                {
                    IdInstance = rows.Number(0),
                    ChatId = chatId,
                    Name = new() { Name = rows.Text(2), Source = rows.Text(3) },
                    ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(4)),
                });
            }
        }

        return names;
    }

    public void Set(CachedCallerName name) =>
        _set.Execute(name.IdInstance, name.ChatId.Value, name.Name.Name, name.Name.Source, name.ExpiresAt.ToUnixTimeMilliseconds());

    public void DeleteExpired(DateTimeOffset now) => _deleteExpired.Execute(now.ToUnixTimeMilliseconds());

    public void Dispose()
    {
        _set.Dispose();
        _deleteExpired.Dispose();
    }
}
