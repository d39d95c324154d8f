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
        await using var node = await StartAsync(
            postgres.ConnectionString, static transaction => FluentActions.Awaiting(() => ExecuteAsync(transaction, "SELECT pg_terminate_backend(pg_backend_pid())")).Should().ThrowAsync<NpgsqlException>());

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldBeRejectedOnceAsync(node);
        node.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 5005);
    }

    /// <summary>Between the end of the session and the settlement the row is not locked: a function of the same name makes this time long enough for the look of the other node.</summary>
    [PostgresFact]
    public async Task Begin_AnotherNodeLooksBeforeTheSettlement_DoesNotRepeatTheAttempt()
    {
        await using var other = await StartAsync(postgres.ConnectionString);
        await TestNode.ExecuteAsync(
            postgres,
            $"""
            CREATE SCHEMA {_schema}_slow;
            CREATE FUNCTION {_schema}_slow.pg_terminate_backend(pid integer) RETURNS boolean LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_catalog.pg_terminate_backend(pid); PERFORM pg_sleep(8); RETURN true; END';
            """);
        await using var node = await StartAsync($"{postgres.ConnectionString};Search Path={_schema}_slow,pg_catalog");

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldBeRejectedOnceAsync(node, other);
    }

    /// <summary>What a handler has set in its session, a lock for example, would reach the attempt that uses the session next.</summary>
    [PostgresFact]
    public async Task Begin_ResultCannotBeRecorded_LeavesNothingInTheSession()
    {
        await using var node = await StartAsync(postgres.ConnectionString, async transaction =>
        {
            await ExecuteAsync(transaction, "SELECT pg_advisory_lock(29, 1)");
            await TestNode.ExecuteAsync(postgres, $"ALTER TABLE {_schema}.starts RENAME TO starts_away");
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(() => node.Logs.GetSnapshot().Should().Contain(record => record.Id.Id == 5003));
        await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 29")).Should().Be(0));
    }

    private static async Task ShouldBeRejectedOnceAsync(params TestNode[] nodes)
    {
        await Eventually.HoldsAsync(async () => (await nodes[0].Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 1L }));
        nodes.SelectMany(node => node.Recorder.Events).Should().ContainSingle();
        (await nodes[0].Administration.ListDeadLettersAsync()).Single().Error.Should().Contain("Unknown product.");
    }

    private Task<TestNode> StartAsync(string connectionString, Func<NpgsqlTransaction, Task>? afterBegin = null) => TestNode.StartAsync(
        postgres,
        _schema,
        options => options.ConnectionString = connectionString,
        calls =>
        {
            calls.Services.AddSingleton(afterBegin ?? (static _ => Task.CompletedTask));
            calls.AddHandler<RejectingHandler>("crm");
        });

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class RejectingHandler(ICallEventTransaction events, NodeRecorder recorder, Func<NpgsqlTransaction, Task> afterBegin) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            recorder.Events.Enqueue(callEvent);
            await afterBegin(await events.BeginAsync(cancellationToken));
            throw new CallEventRejectedException("Unknown product.");
        }
    }
}
