using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The result of an attempt whose transaction was given up is stored all the same.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class FailedTransactionTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Begin_SessionEndsBeforeTheHandlerRejects_StoresTheRejection()
    {
        await using var node = await StartAsync(postgres.ConnectionString, endsSession: true);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldBeRejectedOnceAsync(node);
        node.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 5005);
    }

    /// <summary>Between the end of the session and the settlement the row is not locked: a function of the same name makes this time long enough for the look of the other node.</summary>
    [PostgresFact]
    public async Task Begin_AnotherNodeLooksBeforeTheSettlement_DoesNotRepeatTheAttempt()
    {
        await using var other = await StartAsync(postgres.ConnectionString, endsSession: false);
        await TestNode.ExecuteAsync(
            postgres,
            $"""
            CREATE SCHEMA {_schema}_slow;
            CREATE FUNCTION {_schema}_slow.pg_terminate_backend(pid integer) RETURNS boolean LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_catalog.pg_terminate_backend(pid); PERFORM pg_sleep(8); RETURN true; END';
            """);
        await using var node = await StartAsync($"{postgres.ConnectionString};Search Path={_schema}_slow,pg_catalog", endsSession: false);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldBeRejectedOnceAsync(node, other);
    }

    private static async Task ShouldBeRejectedOnceAsync(params TestNode[] nodes)
    {
        await Eventually.HoldsAsync(async () => (await nodes[0].Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 1L }));
        nodes.SelectMany(node => node.Recorder.Events).Should().ContainSingle();
        (await nodes[0].Administration.ListDeadLettersAsync()).Single().Error.Should().Contain("Unknown product.");
    }

    private Task<TestNode> StartAsync(string connectionString, bool endsSession) => TestNode.StartAsync(
        postgres,
        _schema,
        options => options.ConnectionString = connectionString,
        calls =>
        {
            calls.Services.AddSingleton(new Session(endsSession));
            calls.AddHandler<RejectingHandler>("crm");
        });

    private sealed record Session(bool Ends);

    private sealed class RejectingHandler(ICallEventTransaction events, NodeRecorder recorder, Session session) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            recorder.Events.Enqueue(callEvent);
            var transaction = await events.BeginAsync(cancellationToken);
            if (session.Ends)
            {
                await using var command = new NpgsqlCommand("SELECT pg_terminate_backend(pg_backend_pid())", transaction.Connection, transaction);
                await FluentActions.Awaiting(() => command.ExecuteNonQueryAsync(cancellationToken)).Should().ThrowAsync<NpgsqlException>();
            }

            throw new CallEventRejectedException("Unknown product.");
        }
    }
}
