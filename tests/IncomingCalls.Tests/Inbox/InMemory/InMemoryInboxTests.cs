using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>What the in-memory inbox accepts, deduplicates and delivers.</summary>
public class InMemoryInboxTests
{
    [Theory]
    [InlineData(CallScenario.AllStatuses, "Offered,Answered")]
    [InlineData(CallScenario.ResultOnly, "Answered")]
    [InlineData(CallScenario.OfferOnly, "Offered")]
    [InlineData(CallScenario.Ignore, "")]
    public async Task AcceptAsync_EachScenario_CreatesItsEvents(CallScenario scenario, string lines)
    {
        await using var host = await TestHost.StartAsync(builder => builder.UseScenario(scenario).AddHandler<RecordingHandler>());

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));

        string.Join(',', host.Recorder.Lines).Should().Be(lines);
    }

    [Fact]
    public async Task AcceptAsync_EachOutcome_IsReturnedToTheTransport()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UseScenario(CallScenario.ResultOnly).AddHandler<RecordingHandler>());

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Tracked);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("DECLINED"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("missed"))).Outcome.Should().Be(IntakeOutcome.Tracked, "the call is known to be missed");
        host.Recorder.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_DuplicateAfterTheWindow_IsHandledAsNew()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(), options => options.InMemory.DeduplicationWindow = TimeSpan.FromHours(1));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Clock.Advance(TimeSpan.FromMinutes(59));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        host.Recorder.Lines.Should().HaveCount(1);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        host.Recorder.Lines.Should().HaveCount(2);
        host.Recorder.Events[0].Id.Should().Be(host.Recorder.Events[1].Id, "a host that uses the id as idempotency key writes nothing twice");
    }

    [Fact]
    public async Task AcceptAsync_HandlerRejects_IsNotRetried()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (_, _) => throw new CallEventRejectedException("no such customer");

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).ShouldAcknowledge.Should().BeTrue();
        host.Recorder.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task AcceptAsync_BusyInstance_DoesNotBlockOthers()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(), options => options.MaxConcurrentAttemptsPerInstance = 2);
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Call.Key.IdInstance == 1101000001 ? new(go.Task) : ValueTask.CompletedTask;

        var busy = Enumerable.Range(0, 10).Select(i => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", $"{i}")).AsTask()).ToArray();
        await host.Recorder.WaitForAttemptsAsync(2);
        var other = TestNotifications.CreateCall("declined") with { Instance = new() { IdInstance = 7 } };
        (await host.Intake.AcceptAsync(other)).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Attempts.Should().HaveCount(3, "two attempts of the busy instance and one of the other have started");
        go.SetResult();

        await Task.WhenAll(busy);
        host.Recorder.Lines.Should().HaveCount(11);
    }

    [Fact]
    public async Task AcceptAsync_KindsOption_FiltersEvents()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(o => o.Kinds = [CallEventKind.Missed]));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_DirectionsOption_FiltersEvents()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(o => o.Directions = [CallDirection.Outgoing]));

        var result = await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        result.Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Lines.Should().BeEmpty("a handler receives only the directions that it asks for");
    }

    [Fact]
    public async Task AcceptAsync_OutgoingCall_ReachesOnlyHandlersThatAskForIt()
    {
        await using var host = await TestHost.StartAsync(builder => builder
            .AddHandler<RecordingHandler>(o => (o.Name, o.Directions) = ("both", [CallDirection.Incoming, CallDirection.Outgoing]))
            .AddHandler<RecordingHandler>("incoming"));

        var results = new[]
        {
            await host.Intake.AcceptAsync(PayloadFiles.Read("outgoing/e22-outgoing-private")),
            await host.Intake.AcceptAsync(PayloadFiles.Read("outgoing/e22-outgoing-private")),
            await host.Intake.AcceptAsync(PayloadFiles.Read("outgoing/e23-outgoing-group")),
            await host.Intake.AcceptAsync(PayloadFiles.Read("outgoing/e24-outgoing-invalid")),
        };

        results.Select(result => result.Outcome).Should().Equal(IntakeOutcome.Stored, IntakeOutcome.Duplicate, IntakeOutcome.Stored, IntakeOutcome.Stored);
        host.Recorder.Lines.Should().Equal("Answered", "NotAnswered", "Failed");
        host.Recorder.Events.Should().OnlyContain(callEvent => callEvent.Call.Direction == CallDirection.Outgoing && !callEvent.IsLive);
    }

    [Fact]
    public async Task AcceptAsync_TwoCalls_RunConcurrently()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Call.Key.IdMessage == "A" ? new(go.Task) : ValueTask.CompletedTask;

        var slow = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", "A")).AsTask();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", "B"));
        go.SetResult();

        (await slow).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task AcceptAsync_ManyNotificationsOfOneCall_AreHandledInOrderOneAtATime()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var running = 0;
        var concurrent = 0;
        host.Recorder.OnEvent = async (_, _) =>
        {
            concurrent = Math.Max(concurrent, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        };

        string[] statuses = ["offer", "declined", "transferred", "hungUp", "pickUp"];
        await Task.WhenAll(statuses.Select(status => host.Intake.AcceptAsync(TestNotifications.CreateCall(status)).AsTask()));

        host.Recorder.Lines.Should().Equal("Offered", "Missed", "Unrecognized", "Dropped", "Answered");
        concurrent.Should().Be(1);
    }
}
