using System.Globalization;
using IncomingCalls.CrashTests;
using IncomingCalls.Processes;
using Npgsql;

namespace IncomingCalls.ClusterTests;

/// <summary>The database of a cluster, as the fault injector and the checker use it. Each process of the cluster has a role of its own, which identifies its sessions.</summary>
/// <param name="server">The server.</param>
/// <param name="host">The address of the server for the nodes.</param>
internal sealed class CampaignDatabase(PostgresServer server, string host)
{
    /// <summary>The statement with which a handler writes its effect. The table has no unique constraint, so that duplicates are visible.</summary>
    public const string InsertEffect = "INSERT INTO campaign.effects (line) VALUES ($1)";

    private const string Name = "postgres";
    private const string RolePrefix = "process_";

    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString(Name)) { Pooling = false }.ConnectionString;

    /// <summary>Creates the table of the effects, and the roles.</summary>
    /// <param name="processes">How many processes there may be.</param>
    public async Task PrepareAsync(int processes)
    {
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CREATE SCHEMA campaign;
            CREATE TABLE campaign.effects (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line text NOT NULL);
            DO $$ BEGIN FOR i IN 1..{processes} LOOP EXECUTE format('CREATE ROLE {RolePrefix}%s LOGIN SUPERUSER', i); END LOOP; END $$;
            """));
    }

    /// <summary>Gets the connection string of a process.</summary>
    public string ConnectionStringOf(int process) => server.ConnectionString(Name, host, string.Create(CultureInfo.InvariantCulture, $"{RolePrefix}{process}"));

    /// <summary>Ends sessions of the nodes.</summary>
    /// <param name="choose">Chooses sessions among those that exist.</param>
    /// <returns>A task whose result is the processes that have lost a session.</returns>
    public async Task<IReadOnlyList<int>> EndSessionsAsync(Func<IReadOnlyList<NodeSession>, IEnumerable<NodeSession>> choose)
    {
        await using var connection = await OpenAsync();
        List<NodeSession> sessions = [];
        await using (var command = new NpgsqlCommand($"SELECT pid, usename, application_name FROM pg_stat_activity WHERE usename LIKE '{RolePrefix}%' ORDER BY pid", connection))
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                sessions.Add(new(rows.GetInt32(0), int.Parse(rows.GetString(1).AsSpan(RolePrefix.Length), CultureInfo.InvariantCulture), rows.GetString(2)));
            }
        }

        var chosen = choose(sessions).ToArray();
        foreach (var session in chosen)
        {
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_terminate_backend({session.Id})"));
        }

        return [.. chosen.Select(session => session.Process)];
    }

    /// <summary>Holds a transaction with a snapshot of the deliveries, as a long report does: VACUUM removes nothing that was deleted since.</summary>
    public async Task HoldSnapshotAsync(TimeSpan duration, TimeProvider time)
    {
        try
        {
            await using var connection = await OpenAsync();
            await ExecuteAsync(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT COUNT(*) FROM incoming_calls.deliveries");
            await Task.Delay(duration, time);
        }
        catch (NpgsqlException)
        {
            // The server was restarted.
        }
    }

    /// <summary>Reads the effects that were committed, in the order in which they were written.</summary>
    public async Task<IReadOnlyList<Effect>> ReadEffectsAsync() => [.. (await ReadLinesAsync("SELECT line FROM campaign.effects ORDER BY id")).Select(line => Effect.Parse(line)!)];

    /// <summary>Reads every row of the inbox as a line of text.</summary>
    public async Task<IReadOnlyList<string>> ReadStoredAsync() =>
    [
        .. await ReadLinesAsync("""
            SELECT format('delivery %s of call %s for %s due %s, %s attempts, waits for %s: %s', id, call_id, handler, due_at, attempts, waits_for, convert_from(event, 'UTF8'))
            FROM incoming_calls.deliveries ORDER BY id
            """),
        .. await ReadLinesAsync("SELECT format('start %s', starts) FROM incoming_calls.starts"),
        .. await ReadLinesAsync("SELECT format('call %s, %s/%s, outcome due %s: %s', id, id_instance, id_message, outcome_due_at, convert_from(state, 'UTF8')) FROM incoming_calls.calls ORDER BY id"),
        .. await ReadLinesAsync("SELECT format('dead letter %s of %s: %s', id, handler, convert_from(letter, 'UTF8')) FROM incoming_calls.dead_letters ORDER BY id"),
    ];

    private async Task<List<string>> ReadLinesAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await rows.ReadAsync())
        {
            lines.Add(rows.GetString(0));
        }

        return lines;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A session of a node.</summary>
/// <param name="Id">The process id of its backend.</param>
/// <param name="Process">The process of the cluster that it belongs to.</param>
/// <param name="Purpose">What the node uses it for.</param>
internal sealed record NodeSession(int Id, int Process, string Purpose);
