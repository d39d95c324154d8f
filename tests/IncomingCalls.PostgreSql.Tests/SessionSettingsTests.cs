using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Defaults that a DBA sets for the role or the database change nothing for the inbox.</summary>
[Collection(PostgresCollectionDefinition.Conformance)]
public class SessionSettingsTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresTheory]
    [InlineData("statement_timeout = '300ms'")]
    [InlineData("lock_timeout = '50ms'")]
    [InlineData("idle_in_transaction_session_timeout = '200ms'")]
    [InlineData("idle_session_timeout = '200ms'")]
    [InlineData("default_transaction_isolation = 'serializable'")]
    [InlineData("default_transaction_isolation = 'repeatable read'")]
    [InlineData("default_transaction_read_only = on")]
    public async Task Handle_DefaultOfTheRole_DoesNotApply(string setting)
    {
        await using var node = await StartAsync(setting);
        await using var other = await StartAsync(setting);
        // Both nodes accept each call, so that the transactions meet.
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"call-{i}")];

        await Task.WhenAll(ids.SelectMany(id => new[] { node, other }.Select(accepting => accepting.Intake.AcceptAsync(TestNode.CreateCall("declined", id)).AsTask())));

        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 0L }));
        node.Recorder.Events.Concat(other.Recorder.Events).Should().HaveCount(ids.Length).And.OnlyContain(callEvent => callEvent.Attempt == 1);
        node.Logs.GetSnapshot().Concat(other.Logs.GetSnapshot()).Should().NotContain(record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    /// <summary>An accept waits for the row of its call longer than the default of the role allows.</summary>
    [PostgresFact]
    public async Task Accept_RowOfTheCallIsLocked_WaitsInSpiteOfTheDefaults()
    {
        await using var node = await StartAsync("statement_timeout = '300ms'", "lock_timeout = '50ms'");
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));
        await using var dba = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var connection = await dba.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"SELECT 1 FROM {_schema}.calls FOR UPDATE");

        var accepting = node.Intake.AcceptAsync(TestNode.CreateCall("declined")).AsTask();
        await ExecuteAsync(connection, "SELECT pg_sleep(0.5)");
        await transaction.CommitAsync();

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [PostgresFact]
    public async Task Commit_AsynchronousByDefault_IsOnTheDisk()
    {
        var connectionString = await CreateRoleAsync("synchronous_commit = off");
        using var database = new InboxDatabase(new(connectionString, host: null, configure: null), new(_schema), claims: 1);

        (await database.Accepting.QueryAsync("SHOW synchronous_commit", static row => row.GetString(0), CancellationToken.None)).Should().Equal("on");
    }

    /// <summary>A look is one statement, since its session has the settings that its plans need.</summary>
    [PostgresFact]
    public async Task Looks_PlanOfTheSession_UsesIndexesOnly()
    {
        using var database = new InboxDatabase(new(postgres.ConnectionString, host: null, configure: null), new(_schema), claims: 1);
        const string Settings = "SELECT current_setting('enable_seqscan') || current_setting('enable_bitmapscan')";

        (await database.Looks.QueryAsync(Settings, static row => row.GetString(0), CancellationToken.None)).Should().Equal("offoff");
        (await database.Other.QueryAsync(Settings, static row => row.GetString(0), CancellationToken.None)).Should().Equal("onon");
    }

    [Theory]
    [InlineData(130000, false, false)]
    [InlineData(150004, true, false)]
    [InlineData(170000, true, true)]
    public void Settings_VersionOfTheServer_AreThoseThatItKnows(int version, bool hasIdleSessionTimeout, bool hasTransactionTimeout)
    {
        var settings = new SessionSettings(version, isShort: true);

        foreach (var sql in new[] { settings.StartupOptions, string.Join(';', settings.SharedTransactionStatements) })
        {
            sql.Contains("idle_session_timeout").Should().Be(hasIdleSessionTimeout);
            sql.Contains("transaction_timeout").Should().Be(hasTransactionTimeout);
        }
    }

    private async Task<string> CreateRoleAsync(params string[] settings)
    {
        var role = $"{_schema}_node";
        return await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM pg_roles WHERE rolname = '{role}'") == 0
            ? await postgres.CreateRoleAsync(role, "SUPERUSER", settings)
            : new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = role }.ConnectionString;
    }

    private async Task<TestNode> StartAsync(params string[] settings)
    {
        var connectionString = await CreateRoleAsync(settings);
        return await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = connectionString, calls =>
        {
            calls.Services.AddSingleton(postgres);
            calls.AddHandler<SlowHandler>("crm");
        });
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a statement that is slower than the timeouts, and leaves the session idle in its transaction for as long.</summary>
    private sealed class SlowHandler(ICallEventTransaction events, PostgresFixture postgres, NodeRecorder recorder) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            var transaction = await events.BeginAsync(cancellationToken);
            await ExecuteAsync(transaction.Connection!, "SELECT pg_sleep(0.4)");
            await using var other = NpgsqlDataSource.Create(postgres.ConnectionString);
            await using var connection = await other.OpenConnectionAsync(cancellationToken);
            await ExecuteAsync(connection, "SELECT pg_sleep(0.4)");
            recorder.Events.Enqueue(callEvent);
        }
    }
}
