using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using Npgsql;

namespace IncomingCalls.EndToEnd.Tests.Nodes;

/// <summary>Two nodes with PostgreSQL show one desk.</summary>
public sealed class PostgresNodesTests(PostgresNodesFixture fixture) : IClassFixture<PostgresNodesFixture>
{
    private const string ChangeSessions = "FROM pg_stat_activity WHERE application_name = 'CallDesk changes'";

    private static readonly string[] Lists = ["calls", "events", "records", "alerts"];

    private DeskNodes Nodes => fixture.Nodes!;

    [PostgresFact]
    public async Task Stream_ChangesOnAnotherNode_ReceivesThem()
    {
        await using var page = await EventStreamClient.OpenAsync(Nodes[0].Http);

        await PostAsync(node: 1, "live", "offer");
        await Eventually.HoldsAsync(() => page.Received.Should().Contain(["DeskCall live", "DeskEvent live", "DeskRecord live", "DeskAlert live"]));
        await PostAsync(node: 1, "live", "declined");
        await Eventually.HoldsAsync(async () => (await Nodes[1].GetRowsAsync("calls", "live")).Should().ContainSingle(row => row.Outcome == "Missed"));
        await Eventually.HoldsAsync(() => page.Received.Should().Contain("callbacks", "a callback was opened"));
        var callback = (await Nodes[0].GetCallbacksAsync()).Single(IsOfTheCall);
        var announced = page.Received.Count(IsAnnouncement);
        (await Nodes[1].CloseCallbackAsync(callback)).Should().Be(HttpStatusCode.NoContent);

        await Eventually.HoldsAsync(() => page.Received.Count(IsAnnouncement).Should().BeGreaterThan(announced, "the callback was closed"));
        (await Nodes[0].GetCallbacksAsync()).Any(IsOfTheCall).Should().BeFalse();
        page.Received.Count(IsReload).Should().Be(1, "no reload was needed");

        static bool IsOfTheCall(JsonObject callback) => (string)callback["callId"]! == "live";
        static bool IsAnnouncement(string item) => item == "callbacks";
    }

    [PostgresFact]
    public async Task Stream_ConnectionForChangesIsLost_ReloadsAndReceivesLaterChanges()
    {
        await using var page = await EventStreamClient.OpenAsync(Nodes[0].Http);

        await ExecuteAsync($"SELECT pg_terminate_backend(pid) {ChangeSessions}");

        await Eventually.HoldsAsync(() => page.Received.Should().Equal("hello", "hello"));
        await PostAsync(node: 1, "later", "offer");
        await Eventually.HoldsAsync(() => page.Received.Should().Contain(["DeskCall later", "DeskEvent later", "DeskRecord later", "DeskAlert later"]));
    }

    [PostgresFact]
    public async Task Stream_ConnectionForChangesIsSilent_Reloads()
    {
        await using var page = await EventStreamClient.OpenAsync(Nodes[0].Http);
        var session = await ReadAsync<int>($"SELECT pid {ChangeSessions} LIMIT 1");

        // Suspended, the server process of the connection answers nothing, as if a firewall had dropped the connection. It is that of one of the two nodes.
        await using var otherPage = await EventStreamClient.OpenAsync(Nodes[1].Http);
        await SignalAsync("STOP", session);
        try
        {
            await Eventually.HoldsAsync(() => (page.Received.Count(IsReload) + otherPage.Received.Count(IsReload)).Should().Be(3));
        }
        finally
        {
            await SignalAsync("CONT", session);
        }
    }

    [PostgresFact]
    public async Task Rows_DeliveryCannotBeEnded_AreNotStored()
    {
        // What the handlers write is committed only together with the end of the delivery, which is the deletion of its row.
        const long RefusedInstance = DeskNodes.IdInstance + 1;
        await ExecuteAsync(
            $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$;
            CREATE TRIGGER refuse BEFORE DELETE ON incoming_calls.deliveries FOR EACH ROW WHEN (OLD.id_instance = {RefusedInstance}) EXECUTE FUNCTION refuse();
            """);
        await PostAsync(node: 0, "refused", "declined", RefusedInstance);
        await Eventually.HoldsAsync(async () =>
            (await CountAsync($"SELECT count(*) FROM incoming_calls.deliveries WHERE attempts = 0 AND id_instance = {RefusedInstance}")).Should().Be(0));
        foreach (var list in Lists)
        {
            (await Nodes[1].GetRowsAsync(list, "refused")).Should().BeEmpty();
        }

        await ExecuteAsync("DROP TRIGGER refuse ON incoming_calls.deliveries");

        await Eventually.HoldsAsync(async () =>
        {
            (await Nodes[1].GetRowsAsync("events", "refused")).Should().ContainSingle();
            (await Nodes[1].GetRowsAsync("records", "refused")).Should().ContainSingle();
            (await Nodes[1].GetRowsAsync("calls", "refused")).Should().ContainSingle();
        });
    }

    [PostgresFact]
    public async Task Inbox_OfADeskOnPostgres_IsInItsDatabase()
    {
        await PostAsync(node: 0, "inbox", "offer");

        (await CountAsync("SELECT count(*) FROM incoming_calls.calls WHERE id_message = 'inbox'")).Should().Be(1);
        fixture.Nodes![0].Output.Should().NotContain("calls.db");
    }

    [PostgresFact]
    public async Task Inbox_InAnotherDatabase_IsUsed()
    {
        await ExecuteAsync("CREATE DATABASE other_inbox");
        var other = new NpgsqlConnectionStringBuilder(Nodes.ConnectionString) { Database = "other_inbox" }.ConnectionString;
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, new Dictionary<string, string>
        {
            ["ConnectionStrings:Desk"] = Nodes.ConnectionString,
            ["IncomingCalls:PostgreSql:ConnectionString"] = other,
            ["IncomingCalls:Webhook:Tokens:0"] = DeskNodes.Token,
        });

        (await desk.PostAsync(NotificationJson.CreateCall(DeskNodes.IdInstance, "elsewhere", "declined"), DeskNodes.Token)).Should().Be(200);

        await Eventually.HoldsAsync(async () => (await Nodes[0].GetRowsAsync("records", "elsewhere")).Should().ContainSingle());
        (await CountAsync("SELECT count(*) FROM incoming_calls.calls WHERE id_message = 'elsewhere'")).Should().Be(0);
        (await CountAsync("SELECT count(*) FROM incoming_calls.calls WHERE id_message = 'elsewhere'", other)).Should().Be(1);
    }

    private async Task PostAsync(int node, string callId, string status, long idInstance = DeskNodes.IdInstance) =>
        (await Nodes[node].PostAsync(NotificationJson.CreateCall(idInstance, callId, status), DeskNodes.Token)).Should().Be(200);

    private async Task ExecuteAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(Nodes.ConnectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private Task<long> CountAsync(string sql, string? connectionString = null) => ReadAsync<long>(sql, connectionString);

    private async Task<T> ReadAsync<T>(string sql, string? connectionString = null)
    {
        await using var database = NpgsqlDataSource.Create(connectionString ?? Nodes.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static bool IsReload(string item) => item == "hello";

    private static async Task SignalAsync(string name, int processId)
    {
        using var kill = Process.Start("kill", [$"-{name}", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}

/// <summary>Two nodes for all tests of a class.</summary>
public sealed class PostgresNodesFixture : IAsyncLifetime
{
    /// <summary>The nodes; null when PostgreSQL is missing.</summary>
    public DeskNodes? Nodes { get; private set; }

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            Nodes = await DeskNodes.StartAsync(2);
        }
    }

    public async Task DisposeAsync()
    {
        if (Nodes is not null)
        {
            await Nodes.DisposeAsync();
        }
    }
}

/// <summary>A test that needs PostgreSQL. Without it, it is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
