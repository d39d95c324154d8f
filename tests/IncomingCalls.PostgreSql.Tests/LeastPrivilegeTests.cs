using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>A DBA creates the tables with the printed script, and the nodes have the granted privileges only.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class LeastPrivilegeTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    private string Role => $"{_schema}_node";

    [PostgresFact]
    public async Task Start_RoleWithThePrintedGrants_AcceptsHandlesAndAdministers()
    {
        var connectionString = await CreateRoleAsync();
        await using var node = await StartAsync(connectionString, static calls => calls.AddHandler<TransactionHandler>("crm"));
        node.Recorder.BeforeRecording = static (callEvent, _) => callEvent.Call.Key.IdMessage == "rejected" ? throw new CallEventRejectedException("Not a client.") : Task.CompletedTask;

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "handled"));
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "rejected"));
        await node.Intake.AcceptAsync("{"u8.ToArray());

        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 1L, Quarantined = 1L }));
        node.Recorder.Events.Should().ContainSingle();
        node.Recorder.BeforeRecording = static (_, _) => Task.CompletedTask;
        (await node.Administration.ReplayDeadLettersAsync()).Should().Be(1);
        (await node.Administration.PurgeQuarantineAsync()).Should().Be(1);
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().HaveCount(2));
        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 0L, Quarantined = 0L }));
        (await CheckAsync(node)).Status.Should().Be(HealthStatus.Healthy);
        node.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id >= 5000 && record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [PostgresFact]
    public async Task Start_PrivilegeMissing_WaitsAndNamesItUntilItIsGranted()
    {
        var connectionString = await CreateRoleAsync();
        await TestNode.ExecuteAsync(postgres, $"REVOKE DELETE ON {_schema}.deliveries FROM {Role}");
        var sentence = $"The role {Role} lacks the privilege DELETE on {_schema}.deliveries (42501). A DBA executes what 'incoming-calls inbox schema --sql --schema {_schema} --role {Role}' prints.";

        await using var node = await StartAsync(connectionString);

        (await CheckAsync(node)).Should().Match<HealthCheckResult>(result => result.Status == HealthStatus.Unhealthy && result.Description == sentence);
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5000).Which.Message.Should().EndWith(sentence);
        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("offer")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>().WithMessage(sentence);
        await TestNode.ExecuteAsync(postgres, $"GRANT DELETE ON {_schema}.deliveries TO {Role}");
        await Eventually.HoldsAsync(async () => (await CheckAsync(node)).Status.Should().Be(HealthStatus.Healthy));
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));
    }

    [PostgresFact]
    public async Task Accept_PrivilegeRevokedAtRunTime_SaysWhatToGrant()
    {
        var connectionString = await CreateRoleAsync();
        await using var node = await StartAsync(connectionString);
        await TestNode.ExecuteAsync(postgres, $"REVOKE INSERT ON {_schema}.calls FROM {Role}");

        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("offer")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>()
            .WithMessage("The database of the inbox cannot be used (42501: permission denied for table calls). Grant the role of the inbox what 'incoming-calls inbox schema --sql --role NAME' prints.");

        (await CheckAsync(node)).Description.Should().StartWith($"The role {Role} lacks the privilege INSERT on {_schema}.calls (42501).");
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5003).Which.Message.Should().Contain("42501: permission denied for table calls");
    }

    /// <summary>On managed servers a role often owns a schema, and may not create one.</summary>
    [PostgresFact]
    public async Task Start_RoleOwnsTheSchemaAndMayNotCreateOne_CreatesTheTables()
    {
        var connectionString = await postgres.CreateRoleAsync(Role);
        await TestNode.ExecuteAsync(postgres, $"CREATE SCHEMA {_schema} AUTHORIZATION {Role}");

        await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = connectionString);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());
    }

    private static Task<HealthCheckResult> CheckAsync(TestNode node) => node.Services.GetRequiredService<PostgreSqlInbox>().CheckAsync(CancellationToken.None).AsTask();

    private async Task<string> CreateRoleAsync()
    {
        var connectionString = await postgres.CreateRoleAsync(Role);
        await postgres.Server.ExecuteScriptAsync("postgres", SchemaScript.Create(new(_schema), from: 1, Role));
        return connectionString;
    }

    private Task<TestNode> StartAsync(string connectionString, Action<IIncomingCallsBuilder>? handlers = null) => TestNode.StartAsync(
        postgres,
        _schema,
        options => (options.ConnectionString, options.CreateSchema) = (connectionString, false),
        handlers);

    private sealed class TransactionHandler(ICallEventTransaction events, NodeRecorder recorder) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            await events.BeginAsync(cancellationToken);
            await recorder.BeforeRecording(callEvent, cancellationToken);
            recorder.Events.Enqueue(callEvent);
        }
    }
}
