using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The values of handlers in the database: fenced by the claim, and in the transaction of the event if the handler takes part in it.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class HandlerStoreTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Save_InTheTransactionOfAFailedAttempt_IsRolledBackWithIt()
    {
        List<string?> found = [];
        await using var node = await StartAsync(async (attempt, cancellationToken) =>
        {
            await attempt.Transaction.BeginAsync(cancellationToken);
            found.Add(await attempt.Store.GetAsync(attempt.Key, cancellationToken));
            await attempt.Store.SaveAsync(attempt.Key, $"record {attempt.Event.Attempt}", cancellationToken);
            found.Add(await attempt.Store.GetAsync(attempt.Key, cancellationToken));
            if (attempt.Event.Attempt == 1)
            {
                throw new InvalidOperationException("The CRM is not available.");
            }
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, deadLetters: 0);
        found.Should().Equal(null, "record 1", null, "record 2");
        (await CountAsync("value IS NOT NULL")).Should().Be(1);
    }

    [PostgresFact]
    public async Task TryReserve_InTheTransactionOfAFailedAttempt_IsCommittedAtOnce()
    {
        List<bool> reserved = [];
        await using var node = await StartAsync(async (attempt, cancellationToken) =>
        {
            await attempt.Transaction.BeginAsync(cancellationToken);
            reserved.Add(await attempt.Store.TryReserveAsync(attempt.Key, DateTimeOffset.UtcNow.AddHours(1), cancellationToken));
            if (attempt.Event.Attempt == 1)
            {
                throw new InvalidOperationException("The CRM is not available.");
            }
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, deadLetters: 0);
        reserved.Should().Equal(true, false);
    }

    [PostgresFact]
    public async Task TryReserve_KeyIsWrittenInTheTransaction_Throws()
    {
        Exception? refusal = null;
        await using var node = await StartAsync(async (attempt, cancellationToken) =>
        {
            await attempt.Transaction.BeginAsync(cancellationToken);
            await attempt.Store.SaveAsync(attempt.Key, "record 1", cancellationToken);
            refusal = await Record.ExceptionAsync(() => attempt.Store.TryReserveAsync(attempt.Key, DateTimeOffset.UtcNow.AddHours(1), cancellationToken).AsTask());
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, deadLetters: 0);
        refusal.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("a key of the call 1101000001/A").And.Contain("Reserve the key before you save its value");
        (await CountAsync("value IS NOT NULL")).Should().Be(1);
    }

    /// <summary>The server ends the session of a process that was paused, and another node repeats the attempt.</summary>
    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_SessionOfTheClaimHasEnded_IsRefused(bool reserves)
    {
        List<Exception?> refusals = [];
        await using var node = await StartAsync(async (attempt, cancellationToken) =>
        {
            if (refusals.Count > 0)
            {
                return;
            }

            await TestNode.ExecuteAsync(postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'IncomingCalls claims' AND state LIKE 'idle in transaction%'");
            // The session is still there when pg_terminate_backend returns.
            await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(
                postgres, "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'IncomingCalls claims' AND state LIKE 'idle in transaction%'")).Should().Be(0));
            refusals.Add(await Record.ExceptionAsync(async () =>
            {
                if (reserves)
                {
                    await attempt.Store.TryReserveAsync(attempt.Key, DateTimeOffset.UtcNow.AddHours(1), CancellationToken.None);
                }
                else
                {
                    await attempt.Store.SaveAsync(attempt.Key, "too late", CancellationToken.None);
                }
            }));
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, deadLetters: 0);
        refusals.Should().ContainSingle().Which.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("Nothing was saved");
        (await CountAsync("true")).Should().Be(0);
    }

    /// <summary>A node that is killed loses its session between the value and the end of the attempt.</summary>
    [PostgresFact]
    public async Task Save_SessionOfTheClaimEndsAfterwards_NextAttemptFindsTheValue()
    {
        List<string?> found = [];
        await using var node = await StartAsync(async (attempt, cancellationToken) =>
        {
            found.Add(await attempt.Store.GetAsync(attempt.Key, cancellationToken));
            if (found.Count == 1)
            {
                await attempt.Store.SaveAsync(attempt.Key, "record 1", cancellationToken);
                await TestNode.ExecuteAsync(postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'IncomingCalls claims' AND state LIKE 'idle in transaction%'");
            }
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, deadLetters: 0);
        found.Should().Equal(null, "record 1");
    }

    [PostgresFact]
    public async Task TryReserve_OnTwoNodesAtOnce_SucceedsOnce()
    {
        const int Calls = 12;
        var reserved = 0;
        async Task ReserveAsync(AttemptContext attempt, CancellationToken cancellationToken)
        {
            if (await attempt.Store.TryReserveAsync(HandlerKey.Named("report"), DateTimeOffset.UtcNow.AddHours(1), cancellationToken))
            {
                Interlocked.Increment(ref reserved);
            }
        }

        await using var first = await StartAsync(ReserveAsync);
        await using var second = await StartAsync(ReserveAsync);

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => (call % 2 == 0 ? first : second).Intake.AcceptAsync(TestNode.CreateCall("declined", $"{call}")).AsTask()));

        await ShouldEndAsync(first, deadLetters: 0);
        (first.Recorder.Events.Count + second.Recorder.Events.Count).Should().Be(Calls);
        reserved.Should().Be(1);
    }

    /// <summary>A key that another attempt has written in its transaction is locked for as long as that is open.</summary>
    [PostgresFact]
    public async Task Save_KeyIsWrittenInAnOpenTransaction_FailsAndIsRepeated()
    {
        var written = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        List<Exception?> failures = [];
        await using var node = await StartAsync(async (attempt, cancellationToken) =>
        {
            var key = HandlerKey.Named("counter");
            if (attempt.Event.Call.Key.IdMessage == "A")
            {
                await attempt.Transaction.BeginAsync(cancellationToken);
                await attempt.Store.SaveAsync(key, "A", cancellationToken);
                written.SetResult();
                await release.Task.WaitAsync(cancellationToken);
                return;
            }

            await written.Task.WaitAsync(cancellationToken);
            failures.Add(await Record.ExceptionAsync(() => attempt.Store.SaveAsync(key, "B", cancellationToken).AsTask()));
            release.TrySetResult();
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "B"));

        await ShouldEndAsync(node, deadLetters: 0);
        failures.Should().ContainSingle().Which.Should().BeOfType<CallInboxUnavailableException>().Which.Message.Should().StartWith("Another attempt has written the key in its transaction");
    }

    [PostgresFact]
    public async Task Retention_ExpiredValues_AreDeletedUnlessTheirCallHasADeadLetter()
    {
        await using var node = await StartAsync(async (attempt, cancellationToken) =>
        {
            await attempt.Store.SaveAsync(attempt.Key, "expired", DateTimeOffset.UtcNow.AddHours(-1), cancellationToken);
            await attempt.Store.SaveAsync(HandlerKey.Person(attempt.Event.Person!), "expired", DateTimeOffset.UtcNow.AddHours(-1), cancellationToken);
            await attempt.Store.SaveAsync(HandlerKey.Call(attempt.Event.Call, "valid"), "valid", cancellationToken);
            throw new CallEventRejectedException("No such customer.");
        });
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await ShouldEndAsync(node, deadLetters: 1);
        // A node does the maintenance when it starts.
        await using var second = await StartAsync(static (_, _) => Task.CompletedTask);
        await Eventually.HoldsAsync(async () => (await CountAsync($"kind = {(int)HandlerKeyKind.Person}")).Should().Be(0));
        (await CountAsync($"kind = {(int)HandlerKeyKind.Call} AND name = ''")).Should().Be(1, "the dead letter may be replayed");
        await node.Administration.PurgeDeadLettersAsync();
        await using var third = await StartAsync(static (_, _) => Task.CompletedTask);
        await Eventually.HoldsAsync(async () => (await CountAsync("name = ''")).Should().Be(0));
        (await CountAsync("name = 'valid'")).Should().Be(1);
    }

    private Task<TestNode> StartAsync(Func<AttemptContext, CancellationToken, Task> behavior, Action<PostgreSqlInboxOptions>? options = null) => TestNode.StartAsync(postgres, _schema, options, calls =>
    {
        calls.Services.AddSingleton(behavior);
        calls.AddHandler<StoringHandler>("crm");
    });

    private Task<long> CountAsync(string condition) => TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.handler_values WHERE {condition}");

    private static Task ShouldEndAsync(TestNode node, int deadLetters) => Eventually.HoldsAsync(
        async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = (long)deadLetters }));

    public sealed record AttemptContext(CallEvent Event, ICallHandlerStore Store, ICallEventTransaction Transaction)
    {
        public HandlerKey Key => HandlerKey.Call(Event.Call);
    }

    private sealed class StoringHandler(ICallHandlerStore store, ICallEventTransaction transaction, NodeRecorder recorder, Func<AttemptContext, CancellationToken, Task> behavior) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            await behavior(new(callEvent, store, transaction), cancellationToken);
            recorder.Events.Enqueue(callEvent);
        }
    }
}
