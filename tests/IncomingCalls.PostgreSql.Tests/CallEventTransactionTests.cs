using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What a handler writes in the transaction of its event is committed with the end of the delivery, or not at all.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class CallEventTransactionTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Begin_HandlerSucceeds_CommitsWhatItHasWritten()
    {
        await using var node = await StartAsync(static (_, _) => Task.CompletedTask);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
    }

    [PostgresFact]
    public async Task Begin_HandlerFailsTwice_CommitsTheThirdAttemptOnly()
    {
        var attempts = 0;
        await using var node = await StartAsync((_, _) => ++attempts < 3 ? throw new InvalidOperationException("The CRM is not available.") : Task.CompletedTask);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
        attempts.Should().Be(3);
    }

    /// <summary>After an error of the database the transaction accepts no statement, until it is rolled back to the savepoint.</summary>
    [PostgresFact]
    public async Task Begin_StatementFails_StoresTheDeadLetterWithItsSqlState()
    {
        await using var node = await StartAsync(static (transaction, _) => ExecuteAsync(transaction, "SELECT 1/0"));

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 0, deadLetters: 1);
        (await node.Administration.ListDeadLettersAsync()).Single().Error.Should().Contain("SQLSTATE 22012");
    }

    [PostgresTheory]
    [InlineData("COMMIT")]
    [InlineData("SET CONSTRAINTS ALL IMMEDIATE")]
    public async Task Begin_HandlerCommits_IsRefusedByTheDatabase(string sql)
    {
        await using var node = await StartAsync((transaction, _) => ExecuteAsync(transaction, sql));

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 0, deadLetters: 1);
        (await node.Administration.ListDeadLettersAsync()).Single().Error.Should().Match(error => error.Contains("the inbox commits the transaction") || error.StartsWith("Interrupted"));
    }

    [PostgresFact]
    public async Task Begin_HandlerRollsBackAndSucceeds_IsNotSettled()
    {
        await using var node = await StartAsync(static (transaction, attempt) => attempt == 1 ? ExecuteAsync(transaction, "ROLLBACK") : Task.CompletedTask);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5022);
        node.Recorder.Events.Should().HaveCount(2, "the second attempt writes what the first one has rolled back");
    }

    /// <summary>After a ROLLBACK of the handler, its statements would be committed one by one.</summary>
    [PostgresFact]
    public async Task Begin_HandlerWritesAfterItsRollback_WritesNothing()
    {
        await using var node = await StartAsync((transaction, _) => ExecuteAsync(transaction, $"ROLLBACK; INSERT INTO {_schema}.effects VALUES ('after')"));

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 0, deadLetters: 1);
    }

    [PostgresFact]
    public async Task Begin_SessionEnds_WritesOnce()
    {
        var isFirst = true;
        await using var node = await StartAsync(async (transaction, _) =>
        {
            if (isFirst)
            {
                isFirst = false;
                await ExecuteAsync(transaction, "SELECT pg_terminate_backend(pg_backend_pid())");
            }
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
    }

    [PostgresFact]
    public async Task Begin_SessionEndsBeforeTheCommit_IsReportedAsALostSession()
    {
        await using var node = await StartAsync(async (transaction, attempt) =>
        {
            if (attempt == 1)
            {
                await TestNode.ExecuteAsync(postgres, $"SELECT pg_terminate_backend({transaction.Connection!.ProcessID})");
            }
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5006).And.NotContain(record => record.Id.Id == 5022);
    }

    /// <summary>Deadlocks and serialization failures are no fault of the handler.</summary>
    [PostgresTheory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task Begin_ConflictWithAnotherTransaction_IsRepeatedAndDoesNotCount(string sqlState)
    {
        var runs = 0;
        await using var node = await StartAsync((transaction, _) => ++runs <= 3 ? ExecuteAsync(transaction, $"DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '{sqlState}'; END $$") : Task.CompletedTask);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
        node.Recorder.Events.Should().HaveCount(4).And.OnlyContain(callEvent => callEvent.Attempt == 1);
    }

    [PostgresFact]
    public async Task Begin_ConflictEachTime_CountsAfterThreeRepetitions()
    {
        await using var node = await StartAsync(static (transaction, _) => ExecuteAsync(transaction, "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"));

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 0, deadLetters: 1);
        node.Recorder.Events.GroupBy(callEvent => callEvent.Attempt).Should().HaveCount(4).And.OnlyContain(attempt => attempt.Count() == 4);
    }

    /// <summary>The next attempt uses the session, and a handler that has returned must not reach the transaction of that attempt.</summary>
    [PostgresFact]
    public async Task Begin_HandlerUsesItsTransactionAfterItHasReturned_ReachesNoOtherAttempt()
    {
        NpgsqlTransaction? kept = null;
        var reached = 0;
        await using var node = await StartAsync((transaction, _) =>
        {
            reached += kept is not null && ReferenceEquals(kept.Connection, transaction.Connection) ? 1 : 0;
            kept = transaction;
            return Task.CompletedTask;
        }, static options => options.MaxConcurrentAttempts = 1);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "A"));
        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "B"));
        await ShouldEndAsync(node, rows: 2, deadLetters: 0);

        reached.Should().Be(0);
    }

    [PostgresFact]
    public async Task Begin_PlannerSettingsOfTheClaim_AreNotThoseOfTheHandler()
    {
        var setting = "";
        await using var node = await StartAsync(async (transaction, _) =>
        {
            await using var command = new NpgsqlCommand("SELECT current_setting('enable_seqscan') || current_setting('enable_bitmapscan')", transaction.Connection, transaction);
            setting = (string)(await command.ExecuteScalarAsync())!;
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, rows: 1, deadLetters: 0);
        setting.Should().Be("onon");
    }

    [PostgresFact]
    public async Task Begin_OutsideOfAHandler_Throws()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        await using var scope = node.Services.CreateAsyncScope();

        await FluentActions.Awaiting(() => scope.ServiceProvider.GetRequiredService<ICallEventTransaction>().BeginAsync(CancellationToken.None).AsTask()).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage("There is no transaction of an event here.*");
    }

    private async Task<TestNode> StartAsync(Func<NpgsqlTransaction, int, Task> afterWriting, Action<PostgreSqlInboxOptions>? options = null)
    {
        var node = await TestNode.StartAsync(postgres, _schema, options, calls =>
        {
            calls.Services.AddSingleton(afterWriting).AddSingleton(new EffectTable($"{_schema}.effects"));
            calls.AddHandler<WritingHandler>("crm");
        });
        await TestNode.ExecuteAsync(postgres, $"CREATE TABLE {_schema}.effects (event text NOT NULL)");
        return node;
    }

    private async Task ShouldEndAsync(TestNode node, int rows, int deadLetters)
    {
        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = (long)deadLetters }));
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.effects")).Should().Be(rows);
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.guards")).Should().Be(0);
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record EffectTable(string Name);

    private sealed class WritingHandler(ICallEventTransaction events, EffectTable table, NodeRecorder recorder, Func<NpgsqlTransaction, int, Task> afterWriting) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            var transaction = await events.BeginAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"INSERT INTO {table.Name} VALUES ($1)", transaction.Connection, transaction) { Parameters = { new() { Value = callEvent.Id } } };
            await command.ExecuteNonQueryAsync(cancellationToken);
            recorder.Events.Enqueue(callEvent);
            await afterWriting(transaction, callEvent.Attempt);
        }
    }
}
