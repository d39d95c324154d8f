using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What a node does at its start, and with bad input.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class StartTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Accept_ServerHasEndedTheSessionsInThePool_IsAcceptedWithNewOnes()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"before {i}")).AsTask()));
        await Processes.Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Depth.Should().Be(0));
        // As a restart of the server does.
        await TestNode.QueryNumberAsync(postgres, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'IncomingCalls accepting' AND state = 'idle'");

        var result = await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "after"));
        await TestNode.QueryNumberAsync(postgres, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'IncomingCalls accepting' AND state = 'idle'");
        await node.Intake.AcceptAsync("garbage"u8.ToArray());

        result.Outcome.Should().Be(IntakeOutcome.Stored);
        (await node.Administration.ListQuarantineAsync()).Should().ContainSingle();
    }

    [PostgresFact]
    public async Task Start_NodesAtOnce_CreateTheSchemaOnce()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestNode.StartAsync(postgres, _schema)));

        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.version")).Should().Be(1);
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
    }

    [PostgresFact]
    public async Task Start_TablesMissingAndNotToBeCreated_NamesTheOption() =>
        await FluentActions.Awaiting(() => TestNode.StartAsync(postgres, _schema, options => options.CreateSchema = false)).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage($"The schema {_schema} has no tables of IncomingCalls, and CreateSchema is false.*");

    [PostgresFact]
    public async Task Start_WithoutHandler_IsRefused() =>
        await FluentActions.Awaiting(() => TestNode.StartAsync(postgres, _schema, handlers: static _ => { })).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage("The host has no handler*");

    /// <summary>The host starts and answers 503, because a load balancer has other nodes, and the database may come back.</summary>
    [PostgresFact]
    public async Task Start_DatabaseCannotBeReached_AcceptsNothing()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema, static options => options.ConnectionString = "Host=127.0.0.1;Port=1;Username=x;Password=s3cret;Timeout=1");

        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("offer")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();

        var log = node.Logs.GetSnapshot();
        log.Should().Contain(record => record.Id.Id == 5000);
        log.Should().NotContain(record => record.Message.Contains("s3cret"));
    }

    [PostgresFact]
    public async Task Start_DatabaseIsCreatedLater_RecoversByItself()
    {
        var database = $"{_schema}_late";
        await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = postgres.Server.ConnectionString(database));
        await ShouldNotBeOpenAsync(node, $"The database of the inbox cannot be used (3D000: database \"{database}\" does not exist). Create the database, or correct its name in the connection string (UsePostgreSqlInbox, or IncomingCalls:PostgreSql:ConnectionString).");

        await TestNode.ExecuteAsync(postgres, $"CREATE DATABASE {database}");

        await Processes.Eventually.HoldsAsync(() => node.Logs.GetSnapshot().Should().Contain(record => record.Id.Id == 5001));
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));
        (await CheckAsync(node)).Status.Should().Be(HealthStatus.Healthy);
    }

    [PostgresFact]
    public async Task Start_WrongPassword_SaysWhatToCheck()
    {
        await TestNode.ExecuteAsync(postgres, "DO $$ BEGIN CREATE ROLE with_password; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        var connectionString = await postgres.CreateRoleAsync($"{_schema}_node", "PASSWORD 'right' IN ROLE with_password");

        await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = $"{connectionString};Password=s3cret");

        await ShouldNotBeOpenAsync(node, $"The database of the inbox cannot be used (28P01: password authentication failed for user \"{_schema}_node\"). Check the user and the password in the connection string (UsePostgreSqlInbox, or IncomingCalls:PostgreSql:ConnectionString), and pg_hba.conf of the server.");
    }

    [PostgresFact]
    public async Task Start_TooFewConnectionsForTheRole_IsLogged()
    {
        var connectionString = await postgres.CreateRoleAsync($"{_schema}_node", "CONNECTION LIMIT 8");
        await TestNode.ExecuteAsync(postgres, $"GRANT CREATE ON DATABASE postgres TO {_schema}_node");

        await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = connectionString);

        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5017).Which.Message.Should().StartWith("This node opens up to 33 connections to the database, and the server has 8 left for it.");
    }

    [PostgresFact]
    public async Task Start_WithoutAHandlerOfAnotherNode_IsLogged()
    {
        await using var first = await TestNode.StartAsync(postgres, _schema, handlers: static calls => calls.AddHandler<RecordingHandler>("crm").AddHandler<RecordingHandler>("billing"));

        await using var second = await TestNode.StartAsync(postgres, _schema);

        second.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5018).Which.Message.Should().StartWith("Another node has had the handler billing within the last hour");
        first.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 5018);
    }

    [PostgresFact]
    public async Task Accept_AllConnectionsWaitForALock_IsRefusedAndSaysWhereToLook()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = $"{postgres.ConnectionString};Timeout=1");
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));
        await using var dba = Npgsql.NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var connection = await dba.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new Npgsql.NpgsqlCommand($"SELECT 1 FROM {_schema}.calls FOR UPDATE", connection);
        await hold.ExecuteNonQueryAsync();
        Task<IntakeResult>[] waiting = [.. Enumerable.Range(0, 6).Select(_ => node.Intake.AcceptAsync(TestNode.CreateCall("declined")).AsTask())];
        await Processes.Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(
            postgres, $"SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'IncomingCalls accepting' AND wait_event_type = 'Lock' AND query LIKE '%{_schema}.%'")).Should().Be(6));

        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("declined")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>()
            .WithMessage("The database of the inbox cannot be used: all connections of the pool are busy.*pg_stat_activity*");

        await transaction.RollbackAsync();
        (await Task.WhenAll(waiting)).Select(result => result.Outcome).Should().ContainSingle(outcome => outcome == IntakeOutcome.Stored).And.HaveCount(6);
    }

    /// <summary>Columns of text refuse U+0000.</summary>
    [PostgresFact]
    public async Task Accept_TextsWithNul_AreStored()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: static calls =>
        {
            calls.AddCallerNames<NulResolver>().AddHandler<RecordingHandler>("crm");
        });
        node.Recorder.BeforeRecording = static (_, _) => throw new CallEventRejectedException("not\0a client");
        const string Unreadable = """{"typeWebhook":"incomingCall","idMessage":"A\u0000B","from":"10000001@c.us","status":"declined","timestamp":1790000000,"instanceData":{"idInstance":1101000001}}""";

        (await node.Intake.AcceptAsync(TestNode.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await node.Intake.AcceptAsync(System.Text.Encoding.UTF8.GetBytes(Unreadable))).Outcome.Should().Be(IntakeOutcome.Quarantined);

        await Processes.Eventually.HoldsAsync(async () => (await node.Administration.ListDeadLettersAsync()).Should().ContainSingle().Which.Error.Should().Contain("a client"));
        await Processes.Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.names WHERE name = 'Ivan'")).Should().Be(1));
        node.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 5005);
    }

    [Theory]
    [InlineData("", "incoming_calls", "IncomingCalls:PostgreSql:ConnectionString is missing.*")]
    [InlineData("Host=db", "Calls; DROP TABLE", "IncomingCalls:PostgreSql:Schema is not the name of a schema.*")]
    [InlineData("Host=db", "pg_calls", "IncomingCalls:PostgreSql:Schema is not the name of a schema.*")]
    public async Task Start_InvalidOptions_NamesTheKey(string connectionString, string schema, string message)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddIncomingCalls().UsePostgreSqlInbox(options => (options.ConnectionString, options.Schema) = (connectionString, schema));
        using var host = builder.Build();

        await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>().WithMessage(message);
    }

    /// <summary>Otherwise the deliveries of a new handler become dead letters during a rolling update.</summary>
    [Fact]
    public async Task Start_MissingHandlerTimeoutTooShort_IsRefused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddIncomingCalls().UsePostgreSqlInbox(static options => (options.ConnectionString, options.MissingHandlerTimeout) = ("Host=db", TimeSpan.FromSeconds(30)));
        using var host = builder.Build();

        await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()
            .WithMessage("IncomingCalls:PostgreSql:MissingHandlerTimeout is 00:00:30. Write a time from 00:10:00 to 30.00:00:00.");
    }

    [PostgresFact]
    public async Task Retention_FinishedCall_IsDeletedAndAPendingOneIsNot()
    {
        await using (var node = await TestNode.StartAsync(postgres, _schema))
        {
            node.Recorder.BeforeRecording = static (callEvent, _) => callEvent.Call.Key.IdMessage == "pending" ? throw new CallEventRetryException(TimeSpan.FromHours(1)) : Task.CompletedTask;
            await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "finished"));
            await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "pending"));
            await Processes.Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 1L, WaitingForRetry = 1L }));
        }

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.calls SET touched_at = touched_at - interval '8 days'");
        await using var next = await TestNode.StartAsync(postgres, _schema);

        await Processes.Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.calls")).Should().Be(1));
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.calls WHERE id_message = 'pending'")).Should().Be(1);
    }

    private static Task<HealthCheckResult> CheckAsync(TestNode node) => node.Services.GetRequiredService<PostgreSqlInbox>().CheckAsync(CancellationToken.None).AsTask();

    /// <summary>The log, the health check and the answer to a notification say the same, and none shows the connection string.</summary>
    private static async Task ShouldNotBeOpenAsync(TestNode node, string sentence)
    {
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id >= 5000).Which.Message.Should().EndWith(sentence);
        (await CheckAsync(node)).Should().Match<HealthCheckResult>(result => result.Status == HealthStatus.Unhealthy && result.Description == sentence);
        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("offer")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>().WithMessage(sentence);
        sentence.Should().NotContain("s3cret");
    }

    private sealed class NulResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Iv\0an", Source = "te\0st" });
    }
}
