using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>erasures</c>, which contains the reports of erasures.</summary>
internal static class ErasureTable
{
    private static readonly JsonTypeInfo<ErasureReport> TypeInfo = (JsonTypeInfo<ErasureReport>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(ErasureReport));

    /// <summary>Inserts a report, or replaces the one with the same id.</summary>
    public static void Write(SqliteConnection connection, ErasureReport report)
    {
        using var write = new Statement(connection, "INSERT INTO erasures (id, at, report) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET report = excluded.report");
        write.Execute($"{report.Id}", report.At.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(report, TypeInfo));
    }

    /// <summary>Finds a report; null when there is none.</summary>
    /// <exception cref="JsonException">The report cannot be read.</exception>
    public static ErasureReport? Find(SqliteConnection connection, Guid id) => Read(connection, "WHERE id = ?1", $"{id}") is [var report, ..] ? JsonSerializer.Deserialize(report, TypeInfo) : null;

    /// <summary>Reads the newest reports, newest first.</summary>
    /// <exception cref="JsonException">A report cannot be read.</exception>
    public static IReadOnlyList<ErasureReport> ReadNewest(SqliteConnection connection, int limit) =>
        [.. Read(connection, "ORDER BY at DESC, id DESC LIMIT ?1", limit).Select(static report => JsonSerializer.Deserialize(report, TypeInfo)!)];

    /// <summary>Reads the list of all reports.</summary>
    public static ErasureList ReadAll(SqliteConnection connection) => ErasureList.FromJson(Read(connection, "WHERE id <> ?1", ""), TypeInfo);

    private static List<byte[]> Read(SqliteConnection connection, string selection, StatementValue value)
    {
        List<byte[]> reports = [];
        using var statement = new Statement(connection, $"SELECT report FROM erasures {selection}");
        using var rows = statement.Query(value);
        while (rows.Read())
        {
            reports.Add(rows.Bytes(0));
        }

        return reports;
    }
}
