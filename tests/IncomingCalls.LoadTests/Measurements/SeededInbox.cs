using Microsoft.Data.Sqlite;

namespace IncomingCalls.LoadTests;

/// <summary>Creates inbox files with many rows by copying a few rows that the inbox wrote.</summary>
internal static class SeededInbox
{
    /// <summary>Creates a file with finished calls whose ids are spread as those of real calls.</summary>
    public static async Task CreateWithFinishedCallsAsync(string path, int rows)
    {
        await using (var load = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Sqlite), path), connections: 1))
        {
            await load.RunAsync(TimeSpan.FromSeconds(1));
        }

        await MultiplyAsync(path, rows, """
            INSERT INTO calls (id_instance, id_message, touched_at, facts)
            SELECT id_instance, copies.id, touched_at, facts FROM copies, calls WHERE calls.id = (SELECT MIN(id) FROM calls);
            """);
    }

    /// <summary>Creates a file with calls that have a pending delivery.</summary>
    public static async Task CreateWithPendingCallsAsync(string path, int rows)
    {
        await using (var server = await ServerProcess.StartAsync(nameof(ServerKind.SqliteBlocked), path))
        {
            using var connection = new LoadConnection();
            await connection.ConnectAsync(server.Address);
            await connection.PostAsync(RequestTemplate.Call(1101000001, "pickUp").Render(0));
            await server.WaitUntilHandledAsync(1);
        }

        await MultiplyAsync(path, rows, $"""
            INSERT INTO calls (id, id_instance, id_message, touched_at, facts)
            SELECT calls.id + n, id_instance, copies.id, touched_at, facts FROM copies, calls WHERE calls.id_message = '{RequestTemplate.FormatId(0)}';
            INSERT INTO work (call_id, id_instance, due_at, owed, waiting_since, state)
            SELECT call_id + n, id_instance, due_at, owed, waiting_since, CAST(replace(CAST(state AS TEXT), '{RequestTemplate.FormatId(0)}', copies.id) AS BLOB)
            FROM copies, work WHERE work.call_id = (SELECT MIN(call_id) FROM work);
            """);
    }

    private static Task MultiplyAsync(string path, int rows, string insert) => Task.Run(() =>
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 600 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        // An incomplete file is created again, so nothing here has to survive a power failure.
        command.CommandText = $"""
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -262144;
            PRAGMA temp_store = MEMORY;
            CREATE TEMP TABLE copies AS
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
            SELECT n, printf('%08X%024X', n * ({uint.MaxValue} / {rows}), n) AS id FROM numbers;
            {insert}
            PRAGMA wal_checkpoint(TRUNCATE);
            """;
        command.ExecuteNonQuery();
    });
}

/// <summary>A folder for the inbox files of a measurement, which is deleted on disposal.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-load-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
