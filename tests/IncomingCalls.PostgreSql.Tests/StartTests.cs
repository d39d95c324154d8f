using IncomingCalls.PostgreSql.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What a node does at its start, and with bad input.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class StartTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Start_NodesAtOnce_CreateTheSchemaOnce()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestNode.StartAsync(postgres, _schema)));

        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.version")).Should().Be(1);
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
    }

    [PostgresFact]
    public async Task Start_SchemaOfALaterVersion_IsRefusedAndNotChanged()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.version SET version = 3");

        await FluentActions.Awaiting(() => TestNode.StartAsync(postgres, _schema)).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage($"The schema {_schema} was written by a later version of IncomingCalls (schema 3; this version supports 1), and nothing in it was changed.*");

        (await TestNode.QueryNumberAsync(postgres, $"SELECT version::bigint FROM {_schema}.version")).Should().Be(3);
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

    [Theory]
    [InlineData("", "incoming_calls", "IncomingCalls:PostgreSql:ConnectionString is missing.*")]
    [InlineData("crm", "incoming_calls", "IncomingCalls:PostgreSql:ConnectionString is not a connection string of Npgsql.*")]
    [InlineData("Database=crm", "incoming_calls", "IncomingCalls:PostgreSql:ConnectionString is not a connection string of Npgsql.*")]
    [InlineData("Host=db", "Calls; DROP TABLE", "IncomingCalls:PostgreSql:Schema is not the name of a schema.*")]
    [InlineData("Host=db", "pg_calls", "IncomingCalls:PostgreSql:Schema is not the name of a schema.*")]
    public async Task Start_InvalidOptions_NamesTheKey(string connectionString, string schema, string message)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddIncomingCalls().UsePostgreSqlInbox(options => (options.ConnectionString, options.Schema) = (connectionString, schema));
        using var host = builder.Build();

        await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>().WithMessage(message);
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
}
