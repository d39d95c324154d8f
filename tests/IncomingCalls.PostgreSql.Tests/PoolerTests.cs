using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The inbox behind PgBouncer in transaction mode. The database has defaults that would break it, which no session can override there.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public sealed class PoolerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _schema = postgres.NextSchema();
    private PgBouncer? _pooler;

    private string Database => $"pooled_{_schema}";

    public async Task InitializeAsync()
    {
        if (PgBouncer.Missing is null)
        {
            await TestNode.ExecuteAsync(postgres, $"CREATE DATABASE {Database}");
            foreach (var setting in (string[])["default_transaction_isolation = 'repeatable read'", "default_transaction_read_only = on", "statement_timeout = '2s'", "lock_timeout = '100ms'", "synchronous_commit = off"])
            {
                await TestNode.ExecuteAsync(postgres, $"ALTER DATABASE {Database} SET {setting}");
            }

            _pooler = await PgBouncer.StartAsync(postgres.Server);
        }
    }

    public async Task DisposeAsync()
    {
        if (_pooler is not null)
        {
            await _pooler.DisposeAsync();
            await TestNode.ExecuteAsync(postgres, $"DROP DATABASE {Database} WITH (FORCE)");
        }
    }

    [PoolerFact]
    public async Task Nodes_BehindThePooler_HandleEachEventOnce()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"call-{i}")];

        await Task.WhenAll(ids.SelectMany(id => new[] { first, second }.Select(node => node.Intake.AcceptAsync(TestNode.CreateCall("declined", id)).AsTask())));

        await Eventually.HoldsAsync(async () => (await first.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 0L }));
        first.Recorder.Events.Concat(second.Recorder.Events).Should().HaveCount(ids.Length).And.OnlyContain(callEvent => callEvent.Attempt == 1);
        first.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5019).And.NotContain(record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
        await ShouldHaveNoSessionStateAsync();
    }

    [PoolerFact]
    public async Task Transaction_FailsOnce_IsCommittedByTheSecondAttemptOnly()
    {
        await using var node = await StartAsync(static calls => calls.AddHandler<WritingHandler>("crm"));
        await ExecuteAsync("CREATE TABLE effects (event text NOT NULL)");
        node.Recorder.BeforeRecording = static (callEvent, _) => callEvent.Attempt == 1 ? throw new InvalidOperationException("The CRM is not available.") : Task.CompletedTask;

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 0L }));
        node.Recorder.Events.Should().ContainSingle();
        (await QueryNumberAsync("SELECT COUNT(*) FROM effects")).Should().Be(1);
        await ShouldHaveNoSessionStateAsync();
    }

    /// <summary>As when the pooler notices that a node is gone: it ends the session of the open transaction.</summary>
    [PoolerFact]
    public async Task Attempt_SessionEnds_IsRepeatedByAnotherNode()
    {
        await using var first = await StartAsync();
        var cancelled = new TaskCompletionSource();
        first.Recorder.BeforeRecording = async (_, cancellationToken) =>
        {
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            cancellationToken.ThrowIfCancellationRequested();
        };
        await first.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await QueryNumberAsync($"SELECT COUNT(*) FROM {_schema}.starts")).Should().Be(1));
        await using var second = await StartAsync();

        await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Database}' AND application_name = 'IncomingCalls claims' AND state = 'idle in transaction'");

        await Eventually.HoldsAsync(() => second.Recorder.Events.Should().ContainSingle().Which.Attempt.Should().Be(2));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>The lock is one of a transaction: a lock of a session would stay with the pooler.</summary>
    [PoolerFact]
    public async Task Polling_NodeStops_LeavesNoLock()
    {
        var worker = new RecordingWorker();
        using var stop = new CancellationTokenSource();
        await using var node = await StartAsync();
        var polling = node.Services.GetRequiredService<IInstanceOwnership>().RunAsync(worker, stop.Token);
        await Eventually.HoldsAsync(() => worker.IsWorking.Should().BeTrue());
        (await CountLocksAsync()).Should().Be(1);

        await stop.CancelAsync();
        await polling;

        await Eventually.HoldsAsync(async () => (await CountLocksAsync()).Should().Be(0));
    }

    private Task<TestNode> StartAsync(Action<IIncomingCallsBuilder>? handlers = null) =>
        TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = _pooler!.ConnectionString(Database), handlers);

    /// <summary>Other clients of the pooler find the sessions as the database has set them.</summary>
    private async Task ShouldHaveNoSessionStateAsync()
    {
        await using var pooled = NpgsqlDataSource.Create($"{_pooler!.ConnectionString(Database)};No Reset On Close=true");
        var connections = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => pooled.OpenConnectionAsync().AsTask()));
        foreach (var connection in connections)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(
                "SELECT current_setting('default_transaction_read_only'), current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('synchronous_commit'), current_setting('enable_seqscan')",
                connection);
            await using var row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            Enumerable.Range(0, 6).Select(row.GetString).Should().Equal("on", "2s", "100ms", "0", "off", "on");
        }

        await Task.WhenAll(connections.Select(connection => connection.DisposeAsync().AsTask()));
    }

    private Task<long> CountLocksAsync() => QueryNumberAsync("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = await CreateCommandAsync(sql);
        await command.ExecuteNonQueryAsync();
        await command.Connection!.DisposeAsync();
    }

    private async Task<long> QueryNumberAsync(string sql)
    {
        await using var command = await CreateCommandAsync(sql);
        var number = (long)(await command.ExecuteScalarAsync())!;
        await command.Connection!.DisposeAsync();
        return number;
    }

    /// <summary>Without the pooler, and without the defaults of the database.</summary>
    private async Task<NpgsqlCommand> CreateCommandAsync(string sql)
    {
        var connection = new NpgsqlConnection($"{postgres.Server.ConnectionString(Database)};Options=-c default_transaction_read_only=off;Pooling=false");
        await connection.OpenAsync();
        return new(sql, connection);
    }

    private sealed class WritingHandler(ICallEventTransaction events, NodeRecorder recorder) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            var transaction = await events.BeginAsync(cancellationToken);
            await using var command = new NpgsqlCommand("INSERT INTO effects VALUES ($1)", transaction.Connection, transaction) { Parameters = { new() { Value = callEvent.Id } } };
            await command.ExecuteNonQueryAsync(cancellationToken);
            await recorder.BeforeRecording(callEvent, cancellationToken);
            recorder.Events.Enqueue(callEvent);
        }
    }
}
