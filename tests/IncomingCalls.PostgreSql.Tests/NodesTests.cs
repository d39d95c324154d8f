using System.Diagnostics.Metrics;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Several nodes on one schema.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class NodesTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Accept_OnBothNodes_HandlesEachEventOnceAndInOrder()
    {
        await using var first = await TestNode.StartAsync(postgres, _schema);
        await using var second = await TestNode.StartAsync(postgres, _schema);
        string[] ids = [.. Enumerable.Range(0, 30).Select(i => $"call-{i:D2}")];

        // The gateway sends each notification to one of the nodes, and some again to the other one.
        await Task.WhenAll(ids.Select(async (id, i) =>
        {
            await (i % 2 == 0 ? first : second).Intake.AcceptAsync(TestNode.CreateCall("offer", id));
            await (i % 3 == 0 ? first : second).Intake.AcceptAsync(TestNode.CreateCall("declined", id));
            await first.Intake.AcceptAsync(TestNode.CreateCall("declined", id));
        }));

        await Eventually.HoldsAsync(async () => (await first.Administration.GetStatisticsAsync()).Depth.Should().Be(0));
        var handled = first.Recorder.Events.Concat(second.Recorder.Events).ToArray();
        handled.Select(callEvent => callEvent.Id).Should().OnlyHaveUniqueItems().And.HaveCount(2 * ids.Length);
        foreach (var node in new[] { first, second })
        {
            node.Recorder.Events.GroupBy(callEvent => callEvent.Call.Key.IdMessage)
                .Should().OnlyContain(call => call.Count() == 1 || call.First().Kind == CallEventKind.Offered, "a handler handles the events of a call in order");
        }
    }

    [PostgresFact]
    public async Task Attempt_NodeStopsDuringItsDrain_IsFinishedByTheNode()
    {
        var release = new TaskCompletionSource();
        await using var second = await TestNode.StartAsync(postgres, _schema);
        await using var first = await TestNode.StartAsync(postgres, _schema);
        first.Recorder.BeforeRecording = (_, _) => release.Task;
        await first.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await CountStartsAsync()).Should().Be(1));

        var stopping = first.StopAsync();
        release.SetResult();
        await stopping;

        first.Recorder.Events.Concat(second.Recorder.Events).Should().ContainSingle().Which.Attempt.Should().Be(1);
        (await second.Administration.GetStatisticsAsync()).Depth.Should().Be(0);
    }

    /// <summary>As when a node is killed: the server ends its session, and with it the claim.</summary>
    [PostgresFact]
    public async Task Attempt_SessionEnds_IsCancelledAndRepeatedByAnotherNode()
    {
        await using var first = await TestNode.StartAsync(postgres, _schema);
        var cancelled = new TaskCompletionSource();
        first.Recorder.BeforeRecording = async (_, cancellationToken) =>
        {
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            cancellationToken.ThrowIfCancellationRequested();
        };
        await first.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await CountStartsAsync()).Should().Be(1));
        await using var second = await TestNode.StartAsync(postgres, _schema);

        await TestNode.ExecuteAsync(postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'IncomingCalls claims' AND state = 'idle in transaction'");

        await Eventually.HoldsAsync(() => second.Recorder.Events.Should().ContainSingle());
        second.Recorder.Events.Single().Attempt.Should().Be(2, "an attempt that a crash has ended counts: it may have caused the crash");
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(() => first.Logs.GetSnapshot().Should().Contain(record => record.Id.Id == 5006));
        first.Recorder.Events.Should().BeEmpty();
    }

    [PostgresFact]
    public async Task Attempt_EndsItsProcessEachTime_BecomesADeadLetter()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);

        // What a process leaves that ends in its last attempt.
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET attempts = 3; INSERT INTO {_schema}.starts SELECT id, 3, now() FROM {_schema}.deliveries");
        await using var next = await TestNode.StartAsync(postgres, _schema);

        await Eventually.HoldsAsync(async () => (await next.Administration.ListDeadLettersAsync()).Should().ContainSingle().Which.Error.Should().StartWith("Interrupted: "));
        next.Recorder.Events.Should().BeEmpty();
        (await CountStartsAsync()).Should().Be(0);
    }

    /// <summary>The first repetition is immediate, since most often the node was killed for another reason.</summary>
    [PostgresTheory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    public async Task Attempt_Interrupted_IsRepeatedAfterADelay(int attempts, int seconds)
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET attempts = {attempts}; INSERT INTO {_schema}.starts SELECT id, {attempts}, now() FROM {_schema}.deliveries");

        await using var next = await TestNode.StartAsync(postgres, _schema, static options => options.InterruptedRetryDelay = new PostgreSqlInboxOptions().InterruptedRetryDelay);

        if (seconds == 0)
        {
            await Eventually.HoldsAsync(() => next.Recorder.Events.Should().ContainSingle().Which.Attempt.Should().Be(2));
            return;
        }

        await Eventually.HoldsAsync(async () => (await CountStartsAsync()).Should().Be(0));
        (await TestNode.QueryNumberAsync(postgres, $"SELECT extract(epoch FROM due_at - now())::bigint FROM {_schema}.deliveries")).Should().BeInRange(seconds - 5, seconds);
    }

    /// <summary>A node that settles an attempt with another connection may die before the start is deleted.</summary>
    [PostgresFact]
    public async Task Attempt_StartOfAnEarlierAttemptIsLeft_IsNotInterrupted()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.ExecuteAsync(postgres, $"INSERT INTO {_schema}.starts SELECT id, 0, now() FROM {_schema}.deliveries");

        await using var next = await TestNode.StartAsync(postgres, _schema);

        await Eventually.HoldsAsync(() => next.Recorder.Events.Should().ContainSingle().Which.Attempt.Should().Be(2));
        await Eventually.HoldsAsync(async () => (await CountStartsAsync()).Should().Be(0));
    }

    [PostgresFact]
    public async Task Handler_OnOneNodeOnly_IsRunByThatNode()
    {
        await using var old = await TestNode.StartAsync(postgres, _schema);
        await using var updated = await TestNode.StartAsync(postgres, _schema, handlers: static calls => calls.AddHandler<RecordingHandler>("crm").AddHandler<RecordingHandler>("new"));

        await updated.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await old.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 0L }));

        old.Recorder.Events.Concat(updated.Recorder.Events).Should().HaveCount(2);
    }

    [PostgresFact]
    public async Task Polling_TwoNodes_IsDoneByOneAndTakenOverWhenItStops()
    {
        await using var second = await TestNode.StartAsync(postgres, _schema);
        var (firstWorker, secondWorker) = (new RecordingWorker(), new RecordingWorker());
        using var stopFirst = new CancellationTokenSource();
        using var stopSecond = new CancellationTokenSource();
        await using var first = await TestNode.StartAsync(postgres, _schema);
        var polling = first.Services.GetRequiredService<IInstanceOwnership>().RunAsync(firstWorker, stopFirst.Token);
        await Eventually.HoldsAsync(() => firstWorker.IsWorking.Should().BeTrue());

        var waiting = second.Services.GetRequiredService<IInstanceOwnership>().RunAsync(secondWorker, stopSecond.Token);
        // The first node pings, so a session whose last statement is this one belongs to the second node.
        await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(
            postgres, "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_xact_lock(hashtext%' AND pid <> pg_backend_pid()")).Should().BePositive());
        secondWorker.IsWorking.Should().BeFalse("the first node has the lock");

        await stopFirst.CancelAsync();
        await polling;
        await Eventually.HoldsAsync(() => secondWorker.IsWorking.Should().BeTrue());
        await stopSecond.CancelAsync();
        await waiting;
        secondWorker.IsWorking.Should().BeFalse();
    }

    /// <summary>So that what a node that stops has left is handled within a second.</summary>
    [PostgresFact]
    public async Task Look_DeliveryOfAnotherNode_IsHandledAfterHalfASecond()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET due_at = now() + interval '1 hour'");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: calls =>
        {
            calls.Services.AddSingleton<TimeProvider>(time);
            calls.AddHandler<RecordingHandler>("crm");
        });
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET due_at = now() - interval '1 minute'");

        time.Advance(TimeSpan.FromMilliseconds(500));

        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());
    }

    /// <summary>A node remembers a part of a burst only. It looks again as soon as that part is handled, and not with the next regular look.</summary>
    [PostgresFact]
    public async Task Burst_OfOneInstance_IsHandledWithoutAPause()
    {
        const int Calls = 400;
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: calls =>
        {
            // No timer elapses, and so there is no regular look.
            calls.Services.AddSingleton<TimeProvider>(time);
            calls.AddHandler<RecordingHandler>("crm");
        });
        var release = new TaskCompletionSource();
        node.Recorder.BeforeRecording = (_, _) => release.Task;
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"call-{i:D3}")).AsTask()));

        release.SetResult();

        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().HaveCount(Calls));
    }

    [PostgresFact]
    public async Task Metrics_OfANode_ReportTheInboxOfAllNodes()
    {
        await using var first = await TestNode.StartAsync(postgres, _schema);
        await using var second = await TestNode.StartAsync(postgres, _schema);
        var meters = second.Services.GetRequiredService<IMeterFactory>();
        using var depth = new MetricCollector<long>(meters, "IncomingCalls", "incoming_calls.inbox.depth");
        using var commits = new MetricCollector<double>(first.Services.GetRequiredService<IMeterFactory>(), "IncomingCalls", "incoming_calls.inbox.commit.duration");
        first.Recorder.BeforeRecording = second.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromHours(1));

        await first.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await first.Administration.GetStatisticsAsync()).WaitingForRetry.Should().Be(1));

        await Eventually.HoldsAsync(() =>
        {
            depth.RecordObservableInstruments();
            depth.GetMeasurementSnapshot().Should().Contain(measurement => measurement.Value == 1 && measurement.ContainsTags(new KeyValuePair<string, object?>("incoming_calls.inbox.state", "waiting_for_retry")));
        });
        commits.GetMeasurementSnapshot().Should().NotBeEmpty();
    }

    [PostgresFact]
    public async Task Metrics_DestinationPausedByAnotherNode_ReportWhatWaitsForIt()
    {
        await using var first = await TestNode.StartAsync(postgres, _schema);
        await using var second = await TestNode.StartAsync(postgres, _schema);
        var meters = second.Services.GetRequiredService<IMeterFactory>();
        using var depth = new MetricCollector<long>(meters, "IncomingCalls", "incoming_calls.inbox.depth");
        using var paused = new MetricCollector<long>(meters, "IncomingCalls", "incoming_calls.inbox.paused_destinations");
        first.Recorder.BeforeRecording = second.Recorder.BeforeRecording = static (_, _) => throw new DestinationUnavailableException("portal-7", TimeSpan.FromHours(1));

        await first.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await second.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 1L, Ready = 0L, Paused = 1L, PausedDestinations = 1L }));

        await Eventually.HoldsAsync(() =>
        {
            depth.RecordObservableInstruments();
            paused.RecordObservableInstruments();
            depth.GetMeasurementSnapshot().Should().Contain(measurement => measurement.Value == 1 && measurement.ContainsTags(new KeyValuePair<string, object?>("incoming_calls.inbox.state", "paused")));
            paused.LastMeasurement!.Value.Should().Be(1);
        });
    }

    private Task<long> CountStartsAsync() => TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.starts");
}
