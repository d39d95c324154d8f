using System.Text;
using IncomingCalls.Cli.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using Npgsql;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>A PostgreSQL server whose inbox has two dead letters and a quarantined notification. The host that has written them is stopped.</summary>
public sealed class PostgresInbox : IAsyncLifetime
{
    public const string Variable = "INCOMING_CALLS_POSTGRES";
    public const string Password = "correct-horse-battery";

    private PostgresServer? _server;

    public string ConnectionString => $"{_server!.ConnectionString("postgres")};Password={Password}";

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync();
            await FillAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Runs a command with the connection string in an environment variable.</summary>
    internal Task<ToolResult> RunAsync(params string[] arguments) => RunWithAsync(ConnectionString, arguments);

    /// <summary>Runs a command with another connection string in the variable.</summary>
    internal static async Task<ToolResult> RunWithAsync(string connectionString, params string[] arguments)
    {
        await using var tool = ToolProcess.Start(new Dictionary<string, string> { [Variable] = connectionString }, ["inbox", arguments[0], "--postgres", Variable, .. arguments.Skip(1)]);
        return await tool.WaitForExitAsync();
    }

    /// <summary>Executes statements as a DBA.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Creates the tables in a schema, and fills them.</summary>
    public async Task FillAsync(string schema = "incoming_calls")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging().AddSingleton(new Crm());
        builder.Services.AddIncomingCalls()
            .UsePostgreSqlInbox(options => (options.ConnectionString, options.Schema) = (ConnectionString, schema))
            .AddInstances<AccountInstances>().AddHandler<Crm>("crm");
        using var host = builder.Build();
        await host.StartAsync();
        var administration = host.Services.GetRequiredService<ICallInboxAdministration>();
        foreach (var (id, instance, deadLetters) in new[] { ("A1", 1101000001L, 1), ("A2", 1101000002L, 2) })
        {
            await AcceptAsync($$$"""{"typeWebhook":"incomingCall","idMessage":"{{{id}}}","from":"{{{HostedInbox.Caller}}}@c.us","status":"declined","timestamp":1790000000,"instanceData":{"idInstance":{{{instance}}},"wid":"70000000001@c.us","typeInstance":"whatsapp"}}""");
            await Eventually.HoldsAsync(async () => (await administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = (long)deadLetters }));
        }

        await AcceptAsync($"{{\"typeWebhook\":\"incomingCall\",\"from\":\"{HostedInbox.Caller}@c.us\"}}");
        await host.StopAsync();

        async Task AcceptAsync(string json) => await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(Encoding.UTF8.GetBytes(json));
    }

    private sealed class AccountInstances : IInstanceSource
    {
        private static readonly CallInstance[] Instances = [Create(1101000001, "acme"), Create(1101000002, "globex")];

        public bool IsComplete => false;

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(Instances);

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new((CallInstance?)null);

        public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);

        private static CallInstance Create(long idInstance, string account) =>
            new() { IdInstance = idInstance, ApiUrl = new("https://api.example.com"), ApiTokenInstance = "test", Account = account };
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
