using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests.Hosting;

/// <summary>A node: a host with the PostgreSQL inbox on a schema that it shares with other nodes.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly IHost _host;

    private TestNode(IHost host, NodeRecorder recorder) => (_host, Recorder) = (host, recorder);

    public NodeRecorder Recorder { get; }

    public IServiceProvider Services => _host.Services;

    public ICallIntake Intake => Services.GetRequiredService<ICallIntake>();

    public ICallInboxAdministration Administration => Services.GetRequiredService<ICallInboxAdministration>();

    public FakeLogCollector Logs => Services.GetFakeLogCollector();

    public static async Task<TestNode> StartAsync(
        PostgresFixture postgres, string schema, Action<PostgreSqlInboxOptions>? options = null, Action<IIncomingCallsBuilder>? handlers = null)
    {
        var recorder = new NodeRecorder();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddFakeLogging();
        builder.Services.AddSingleton(recorder);
        var calls = builder.Services.AddIncomingCalls(settings => settings.RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(100), 3)]).UsePostgreSqlInbox(inbox =>
        {
            inbox.ConnectionString = postgres.ConnectionString;
            inbox.Schema = schema;
            inbox.InterruptedRetryDelay = TimeSpan.FromMilliseconds(100);
            options?.Invoke(inbox);
        });
        (handlers ?? (static calls => calls.AddHandler<RecordingHandler>("crm")))(calls);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new(host, recorder);
    }

    public static IncomingCallNotification CreateCall(string status, string id = "A", DateTimeOffset? timestamp = null) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = 1101000001 },
        RawStatus = status,
        From = ChatId.Parse("10000001@c.us"),
        Timestamp = timestamp ?? TimeProvider.System.GetUtcNow(),
    };

    /// <summary>Stores a call whose delivery waits for its retry.</summary>
    public static async Task StoreWaitingAsync(PostgresFixture postgres, string schema, string id = "A", string status = "declined")
    {
        await using var node = await StartAsync(postgres, schema);
        node.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(1));
        await node.Intake.AcceptAsync(CreateCall(status, id));
        await Processes.Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).WaitingForRetry.Should().Be(1));
    }

    /// <summary>Executes a statement as a DBA; returns the number of affected rows.</summary>
    public static async Task<int> ExecuteAsync(PostgresFixture postgres, string sql)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Queries a number as a DBA.</summary>
    public static async Task<long> QueryNumberAsync(PostgresFixture postgres, string sql)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using (_host)
        {
            await _host.StopAsync();
        }
    }
}

/// <summary>Records the events that the handler of a node has handled.</summary>
internal sealed class NodeRecorder
{
    public ConcurrentQueue<CallEvent> Events { get; } = [];

    public Func<CallEvent, CancellationToken, Task> BeforeRecording { get; set; } = static (_, _) => Task.CompletedTask;
}

internal sealed class RecordingHandler(NodeRecorder recorder) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await recorder.BeforeRecording(callEvent, cancellationToken);
        recorder.Events.Enqueue(callEvent);
    }
}
