using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>How a node keeps the session of a claim, and what it does when it has lost it.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class LostClaimTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    /// <summary>The server would end the session after 20 seconds, and another node would repeat the attempt beside this one.</summary>
    [PostgresFact]
    public async Task Attempt_HandlerBlocksItsThread_KeepsItsSession()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        using var release = new ManualResetEventSlim();
        node.Recorder.BeforeRecording = (_, _) =>
        {
            release.Wait(TimeSpan.FromMinutes(3), CancellationToken.None);
            return Task.CompletedTask;
        };
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        try
        {
            await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(
                postgres, "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'IncomingCalls claims' AND state = 'idle in transaction' AND state_change > xact_start + interval '4 seconds'")).Should().Be(1));
        }
        finally
        {
            release.Set();
        }
    }

    /// <summary>A process may be paused between the claim and the start of its handler for so long that the server ends its session, and another node settles the delivery.</summary>
    [PostgresFact]
    public async Task Attempt_SessionEndsBeforeItsStart_DoesNotStart()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: static calls => calls.AddHandler<RecordingHandler>("other"));
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET due_at = now()");
        var database = node.Services.GetRequiredService<InboxDatabase>();
        var id = await TestNode.QueryNumberAsync(postgres, $"SELECT id FROM {_schema}.deliveries");
        ClaimedDelivery? claimed;
        await using (var connection = await database.Claims.OpenConnectionAsync())
        {
            await connection.BeginTransactionAsync();
            claimed = await new DeliveryTable(database.Schema).TryClaimAsync(database.Claims, connection, id, isSignalled: false, isProbe: false, DateTimeOffset.UtcNow, CancellationToken.None);
        }

        await FluentActions.Awaiting(() => new StartTable(database).TryAddAsync(claimed!, DateTimeOffset.UtcNow, CancellationToken.None)).Should().ThrowAsync<OperationCanceledException>();

        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.starts")).Should().Be(0);
    }

    /// <summary>A handler may have done its work when its token is cancelled, and return.</summary>
    [PostgresFact]
    public async Task Attempt_SucceedsAfterItsSessionIsLost_IsRepeatedAndNotAnUnexpectedFailure()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        node.Recorder.BeforeRecording = async (callEvent, cancellationToken) =>
        {
            if (callEvent.Attempt == 1)
            {
                var cancelled = new TaskCompletionSource();
                await using var registration = cancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
            }
        };
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.starts")).Should().Be(1));

        await TestNode.ExecuteAsync(postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'IncomingCalls claims' AND state = 'idle in transaction'");

        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Depth.Should().Be(0));
        node.Recorder.Events.Select(callEvent => callEvent.Attempt).Should().BeEquivalentTo([1, 2]);
        node.Logs.GetSnapshot().Should().Contain(record => record.Id.Id == 5006).And.NotContain(record => record.Id.Id == 5005);
    }
}
