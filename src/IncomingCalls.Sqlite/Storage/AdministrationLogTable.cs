using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>administration_log</c>, in the transaction of the action that it records.</summary>
internal static class AdministrationLogTable
{
    private static readonly JsonTypeInfo<InboxFilter> FilterTypeInfo = (JsonTypeInfo<InboxFilter>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(InboxFilter));

    /// <summary>Inserts an entry, and deletes the oldest ones above the maximum.</summary>
    public static void Insert(SqliteConnection connection, AdministrationLogEntry entry)
    {
        using var insert = new Statement(connection, "INSERT INTO administration_log (at, action, filter, count, performed_by) VALUES (?1, ?2, ?3, ?4, ?5)");
        insert.Execute(
            entry.At.ToUnixTimeMilliseconds(), entry.Action.ToString(), JsonSerializer.Serialize(entry.Filter, FilterTypeInfo), entry.Count, entry.PerformedBy);
        using var trim = new Statement(connection, "DELETE FROM administration_log WHERE id <= (SELECT id FROM administration_log ORDER BY id DESC LIMIT 1 OFFSET ?1)");
        trim.Execute(AdministrationRequest.MaxLogEntries);
    }

    /// <summary>Reads the newest entries.</summary>
    /// <exception cref="JsonException">The filter of an entry cannot be read.</exception>
    public static IReadOnlyList<AdministrationLogEntry> Read(SqliteConnection connection, int limit)
    {
        List<AdministrationLogEntry> entries = [];
        using var statement = new Statement(connection, "SELECT id, at, action, filter, count, performed_by FROM administration_log ORDER BY id DESC LIMIT ?1");
        using var rows = statement.Query(limit);
        while (rows.Read())
        {
            entries.Add(new()
            {
                Id = rows.Number(0),
                At = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(1)),
                Action = Enum.TryParse<AdministrationAction>(rows.Text(2), out var action) ? action : AdministrationAction.Unrecognized,
                Filter = JsonSerializer.Deserialize(rows.Text(3), FilterTypeInfo) ?? new(),
                Count = (int)rows.Number(4),
                PerformedBy = rows.IsNull(5) ? null : rows.Text(5),
            });
        }

        return entries;
    }
}
