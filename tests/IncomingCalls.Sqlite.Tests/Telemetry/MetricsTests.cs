using System.Diagnostics.Metrics;
using System.Text;
using IncomingCalls.Sqlite.Tests.Destinations;
using IncomingCalls.Sqlite.Tests.Fixtures;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IncomingCalls.Sqlite.Tests.Telemetry;

public class MetricsTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task DepthAndAge_HandlerRunning_MeasurePendingCallsAndTheOldest()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        using var depth = Collect<long>(host, "incoming_calls.inbox.depth");
        using var age = Collect<double>(host, "incoming_calls.inbox.age");
        var go = new TaskCompletionSource();
        host.Recorder.BeforeRecording = (_, _) => go.Task;

        Depth(depth).Should().Equal(0, 0, 0, 0, 0);
        Value(age).Should().Be(0);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B"));
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        Depth(depth).Should().Equal(2, 0, 0, 0, 0);
        Value(age).Should().Be(15, "the oldest delivery has been pending since then");

        go.SetResult();
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work") == 0);
        Depth(depth).Should().Equal(0, 0, 0, 0, 0);
        Value(age).Should().Be(0);
    }

    [Fact]
    public async Task Depth_DeliveriesWait_MeasuresThemApartFromTheBacklog()
    {
        using var folder = new InboxFolder();
        await using var host = await FixtureInbox.StartAsync(folder.Path, new());
        using var depth = Collect<long>(host, "incoming_calls.inbox.depth");
        host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromHours(1));

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined") with { From = ChatId.Parse(FixtureInbox.UnknownCaller) });
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B") with { From = ChatId.Parse(FixtureInbox.UnknownCaller) });

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE waits_for = 0") == 0);
        Depth(depth).Should().Equal(0, 2, 2, 0, 0);
    }

    [Fact]
    public async Task DepthAndPausedDestinations_DestinationUnavailable_MeasureWhatSettlesAndWhatIsPaused()
    {
        using var folder = new InboxFolder();
        var portal = new Portal { OnEvent = static (_, _) => throw new DestinationUnavailableException("portal-7") };
        await using var host = await SqliteHost.StartAsync(folder.Path, configure: calls =>
        {
            calls.Services.AddSingleton(portal);
            calls.AddHandler<PortalHandler>("crm")
                .AddHandler<RecordingHandler>(static options => (options.Name, options.UnansweredSettleTime) = ("settling", TimeSpan.FromSeconds(20)));
        });
        using var depth = Collect<long>(host, "incoming_calls.inbox.depth");
        using var paused = Collect<long>(host, "incoming_calls.inbox.paused_destinations");

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM pauses") == 1 && host.Recorder.Events.Count == 1 && host.QueryNumber("SELECT COUNT(*) FROM lanes") == 2);

        Depth(depth).Should().Equal(0, 0, 0, 1, 1);
        Value(paused).Should().Be(1);
        portal.OnEvent = static (_, _) => Task.CompletedTask;
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work") == 0, Tick);
        Depth(depth).Should().Equal(0, 0, 0, 0, 0);
        Value(paused).Should().Be(0);
    }

    [Fact]
    public async Task DeadLettersAndQuarantined_AddedAndRemoved_AreCounted()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        using var dead = Collect<long>(host, "incoming_calls.inbox.dead_letters");
        using var quarantined = Collect<long>(host, "incoming_calls.inbox.quarantined");
        host.Recorder.BeforeRecording = (_, _) => throw new CallEventRejectedException("No.");

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B"));
        await host.Intake.AcceptAsync(Encoding.UTF8.GetBytes("garbage"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 2);

        Value(dead).Should().Be(2);
        Value(quarantined).Should().Be(1);

        await host.Administration.PurgeDeadLettersAsync();
        await host.Administration.PurgeQuarantineAsync();
        Value(dead).Should().Be(0);
        Value(quarantined).Should().Be(0);
    }

    [Fact]
    public async Task CommitDuration_OnlyWrites_AreMeasured()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        using var commits = Collect<double>(host, "incoming_calls.inbox.commit.duration");
        host.Recorder.BeforeRecording = (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, host.Clock, cancellationToken);
        host.Clock.Advance(Tick);

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));

        await host.WaitUntilAsync(() => commits.GetMeasurementSnapshot().Count > 0);
        commits.GetMeasurementSnapshot().Should().ContainSingle("to look for work writes nothing").Which.Value.Should().BeGreaterThanOrEqualTo(0);
        commits.Instrument!.Unit.Should().Be("s");
        host.Recorder.BeforeRecording = static (_, _) => Task.CompletedTask;
        host.Clock.Advance(TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task Retries_AttemptsAfterTheFirst_AreCountedByHandler()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        using var retries = Collect<long>(host, "incoming_calls.retries");
        host.Recorder.BeforeRecording = (callEvent, _) => callEvent.Attempt < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));

        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1, Tick);
        retries.GetMeasurementSnapshot().Select(measured => (measured.Value, measured.Tags["incoming_calls.handler"])).Should().Equal((1, "recorder"), (1, "recorder"));
    }

    [MovableFileFact]
    public async Task Gauges_FileMissing_ReportNoMeasurement()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        using var depth = Collect<long>(host, "incoming_calls.inbox.depth");
        using var missing = new MissingFile(folder.Path);

        depth.RecordObservableInstruments();

        depth.GetMeasurementSnapshot().Should().BeEmpty();
        File.Exists(folder.Path).Should().BeFalse("to look does not make a file");
    }

    private static MetricCollector<T> Collect<T>(SqliteHost host, string name)
        where T : struct =>
        new(host.Services.GetRequiredService<IMeterFactory>(), IncomingCallsTelemetry.MeterName, name);

    /// <summary>Measures what is ready, waits for a name, waits for a retry, settles, and is paused.</summary>
    private static long[] Depth(MetricCollector<long> depth)
    {
        depth.Clear();
        depth.RecordObservableInstruments();
        var states = depth.GetMeasurementSnapshot().ToDictionary(static measured => (string)measured.Tags["incoming_calls.inbox.state"]!, static measured => measured.Value);
        states.Should().HaveCount(5);
        return [states["ready"], states["waiting_for_caller_name"], states["waiting_for_retry"], states["settling"], states["paused"]];
    }

    private static T Value<T>(MetricCollector<T> collector)
        where T : struct
    {
        collector.RecordObservableInstruments();
        return collector.LastMeasurement!.Value;
    }
}
