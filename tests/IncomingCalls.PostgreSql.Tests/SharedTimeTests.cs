using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What the nodes must agree on: the time, and what was received.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class SharedTimeTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    /// <summary>Otherwise another node would repeat the attempt three minutes too late or too early.</summary>
    [PostgresTheory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task Times_ClockOfTheNodeIsWrong_AreThoseOfTheDatabase(int minutes)
    {
        await using var node = await StartAsync(TimeSpan.FromMinutes(minutes));
        node.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromMinutes(10));

        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));

        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).WaitingForRetry.Should().Be(1));
        (await QuerySecondsAsync("due_at - now()", "deliveries")).Should().BeInRange(570, 600);
        (await QuerySecondsAsync("now() - received_at", "deliveries")).Should().BeInRange(0, 30);
        (await QuerySecondsAsync("outcome_due_at - now()", "calls")).Should().BeInRange(870, 900, "the outcome timeout is 15 minutes");
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5021);
    }

    /// <summary>A node would suppress each operator alert, or raise one for a call that no longer rings.</summary>
    [PostgresTheory]
    [InlineData(3, 0, true)]
    [InlineData(-3, 2, false)]
    public async Task Alert_ClockOfTheNodeIsWrong_IsRaisedByTheTimeOfTheDatabase(int minutesAhead, int minutesOld, bool isLive)
    {
        await using var node = await StartAsync(TimeSpan.FromMinutes(minutesAhead));

        await node.Intake.AcceptAsync(TestNode.CreateCall("offer", timestamp: TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(minutesOld)));

        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle().Which.IsLive.Should().Be(isLive));
    }

    [PostgresFact]
    public async Task Clock_OfTheNodeIsRight_IsNotReported()
    {
        await using var node = await StartAsync(TimeSpan.Zero);

        node.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 5021);
    }

    /// <summary>The outcome may still be in the gateway's queue, which another node is receiving.</summary>
    [PostgresFact]
    public async Task OutcomeTimeout_AnotherNodeReceivesLateNotifications_IsPostponed()
    {
        await using (var receiving = await TestNode.StartAsync(postgres, _schema))
        {
            await receiving.Intake.AcceptAsync(TestNode.CreateCall("offer", timestamp: TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(20)));
            await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.instances WHERE late_until > now()")).Should().Be(1));
        }

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.calls SET outcome_due_at = now() - interval '1 second'");
        await using var other = await TestNode.StartAsync(postgres, _schema);

        await Eventually.HoldsAsync(async () => (await QuerySecondsAsync("outcome_due_at - now()", "calls")).Should().BeInRange(30, 60));
        other.Recorder.Events.Should().NotContain(callEvent => callEvent.Kind == CallEventKind.OutcomeUnknown);

        // The first punctual notification follows the last late one.
        await other.Intake.AcceptAsync(TestNode.CreateCall("declined", "punctual"));
        await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.instances WHERE late_until IS NULL")).Should().Be(1));
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.calls SET outcome_due_at = now() - interval '1 second' WHERE id_message = 'A'");
        await Eventually.HoldsAsync(() => other.Recorder.Events.Should().ContainSingle(callEvent => callEvent.Kind == CallEventKind.OutcomeUnknown));
    }

    /// <summary>Until the inbox is open, the time of the database is not known: by the clock of the node, each notification would be late.</summary>
    [PostgresFact]
    public async Task Receipt_BeforeTheInboxIsOpen_IsNotRecorded()
    {
        var database = $"{_schema}_late";
        var connectionString = postgres.Server.ConnectionString(database);
        await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = connectionString, calls =>
        {
            calls.Services.AddSingleton<TimeProvider>(new OffsetTimeProvider(TimeSpan.FromMinutes(3)));
            calls.AddHandler<RecordingHandler>("crm");
        });
        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("offer")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();

        await TestNode.ExecuteAsync(postgres, $"CREATE DATABASE {database}");
        await node.Intake.WaitUntilReadyAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await using var connection = NpgsqlDataSource.Create(connectionString);
        await using var count = connection.CreateCommand($"SELECT COUNT(*) FROM {_schema}.instances WHERE late_until IS NULL AND received_at <= now()");
        await Eventually.HoldsAsync(async () => (await count.ExecuteScalarAsync()).Should().Be(1L));
    }

    [PostgresFact]
    public async Task Health_AnotherNodeReceives_KnowsTheReceipt()
    {
        static void Configure(IIncomingCallsBuilder calls) => calls.AddHandler<RecordingHandler>("crm").AddInstances<TestInstances>();
        await using var receiving = await TestNode.StartAsync(postgres, _schema, handlers: Configure);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var other = await TestNode.StartAsync(postgres, _schema, handlers: calls =>
        {
            calls.Services.AddSingleton<TimeProvider>(time);
            Configure(calls);
        });

        await receiving.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        var receipts = other.Services.GetServices<ICallHealthSource>().Single(source => source.Name == "receipts");
        await Eventually.HoldsAsync(async () =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            (await receipts.CheckAsync(CancellationToken.None)).Data["1101000001"].Should().NotBeNull().And.Subject.ToString().Should().NotStartWith("nothing since");
        });
    }

    private Task<TestNode> StartAsync(TimeSpan ahead) => TestNode.StartAsync(postgres, _schema, handlers: calls =>
    {
        calls.Services.AddSingleton<TimeProvider>(new OffsetTimeProvider(ahead));
        calls.AddHandler<RecordingHandler>("crm");
    });

    private Task<long> QuerySecondsAsync(string interval, string table) => TestNode.QueryNumberAsync(postgres, $"SELECT extract(epoch FROM {interval})::bigint FROM {_schema}.{table} WHERE id = (SELECT MIN(id) FROM {_schema}.{table})");

    private sealed class OffsetTimeProvider(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
