using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>The retries of the in-memory inbox: two quick ones, and then the redeliveries of the gateway, until the event is given up.</summary>
public class InMemoryRetryTests
{
    [Fact]
    public async Task AcceptAsync_HandlerFailsOnce_IsRetriedAfter200Milliseconds()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Attempt == 1 ? throw new InvalidOperationException("hiccup") : ValueTask.CompletedTask;

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.WaitUntilIdleAsync();
        await host.AdvanceAsync(TimeSpan.FromMilliseconds(199));
        accepting.IsCompleted.Should().BeFalse();
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Events.Single().Attempt.Should().Be(2);
    }

    [Fact]
    public async Task AcceptAsync_HandlerAlwaysFails_IsRetriedAfter200MillisecondsAndASecondAndThenNotAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        List<double> attempts = [];
        host.Recorder.OnEvent = (_, _) =>
        {
            attempts.Add((host.Clock.GetUtcNow() - TestHost.Now).TotalSeconds);
            throw new InvalidOperationException();
        };
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        var first = gateway.SendAsync();
        await host.WaitUntilIdleAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(0.2));
        await host.AdvanceAsync(TimeSpan.FromSeconds(0.9));
        first.IsCompleted.Should().BeFalse();
        await host.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        (await first).Should().Be("503");
        await host.AdvanceAsync(TimeSpan.FromSeconds(58.8));
        var second = gateway.SendAsync();
        await host.WaitUntilIdleAsync();
        second.IsCompleted.Should().BeFalse("a redelivery has quick retries as well");
        await host.AdvanceAsync(TimeSpan.FromSeconds(0.2));
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        (await second).Should().Be("503");
        attempts.Should().Equal(0, 0.2, 1.2, 60, 60.2, 61.2);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0 0.2")]
    [InlineData(6, "0 0.2 1.2")]
    public async Task AcceptAsync_HandlerWithOwnRetryDelays_HasAtMostAsManyQuickRetries(int delays, string times)
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromHours(1), delays)]));
        List<double> attempts = [];
        host.Recorder.OnEvent = (_, _) =>
        {
            attempts.Add((host.Clock.GetUtcNow() - TestHost.Now).TotalSeconds);
            throw new InvalidOperationException();
        };

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.WaitUntilIdleAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(0.2));
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        await FluentActions.Awaiting(() => accepting).Should().ThrowAsync<CallInboxUnavailableException>();
        attempts.Should().Equal(times.Split(' ').Select(time => double.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task AcceptAsync_OneOfTwoHandlersFails_RedeliveryRunsOnlyThatOne()
    {
        var crm = new FailingHandler { Fails = true };
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(crm);
            builder.AddHandler<FailingHandler>(options => (options.Name, options.RetryDelays) = ("crm", [])).AddHandler<RecordingHandler>();
        });
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        (await gateway.SendAsync()).Should().Be("503");
        crm.Fails = false;
        (await gateway.SendAsync()).Should().Be("Stored");

        crm.Attempts.Should().Be(2, "each transmission has one attempt");
        host.Recorder.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_FailedOffer_IsRetriedBeforeTheOutcome()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []));
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        (await new TestGateway(host).Enqueue(TestNotifications.CreateCall("offer")).SendAsync()).Should().Be("503");
        host.Recorder.OnEvent = (_, _) => ValueTask.CompletedTask;

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));

        host.Recorder.Lines.Should().Equal("Offered", "Answered");
        host.Recorder.Events[0].Should().Match<CallEvent>(e => !e.IsLive && e.Call.Outcome == CallOutcome.Answered && e.Attempt == 2, "the call is read when an attempt starts");
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [Fact]
    public async Task AcceptAsync_EarlierEventOfTheCallFails_IsNotAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []));
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Kind == CallEventKind.Offered ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        (await new TestGateway(host).Enqueue(TestNotifications.CreateCall("offer")).SendAsync()).Should().Be("503");

        var outcome = new TestGateway(host).Enqueue(TestNotifications.CreateCall("pickUp"));
        (await outcome.SendAsync()).Should().Be("503", "the handler has not handled the offer, so the outcome has to wait");
        host.Recorder.OnEvent = (_, _) => ValueTask.CompletedTask;
        (await outcome.SendAsync()).Should().Be("Stored");

        host.Recorder.Lines.Should().Equal("Offered", "Answered");
    }

    [Fact]
    public async Task AcceptAsync_HandlerRequestsRetryDelay_IsRetriedAfterIt()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (callEvent, _) =>
            callEvent.Attempt == 1 ? throw new CallEventRetryException(TimeSpan.FromSeconds(20), message: "the CRM is rate limited") : ValueTask.CompletedTask;

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.WaitUntilIdleAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(19));
        accepting.IsCompleted.Should().BeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task AcceptAsync_RetryDelayExceedsAcknowledgementTimeout_FailsAtOnceAndTheRedeliveryRunsItAtOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Attempt == 1 ? throw new CallEventRetryException(TimeSpan.FromHours(1)) : ValueTask.CompletedTask;
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        (await gateway.SendAsync()).Should().Be("503");
        (await gateway.SendAsync()).Should().Be("Stored");

        host.Clock.GetUtcNow().Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task AcceptAsync_RetryDelayExceedsTheRestOfTheAcknowledgementTimeout_FailsAtOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(100));
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        var sending = gateway.SendAsync();
        await host.WaitUntilIdleAsync();
        sending.IsCompleted.Should().BeFalse("100 of 120 seconds are short enough");
        await host.AdvanceAsync(TimeSpan.FromSeconds(100));

        (await sending).Should().Be("503");
        host.Clock.GetUtcNow().Should().Be(TestHost.Now.AddSeconds(100), "20 seconds before the timeout");
    }

    [Fact]
    public async Task AcceptAsync_HandlerAlwaysFails_IsGivenUpAfterFiveTransmissionsAndTenMinutesAndTheNextCallFollows()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => (options.Name, options.RetryDelays) = ("crm", [])));
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Call.Key.IdMessage == "A" ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"), TestNotifications.CreateCall("declined", "B"));

        for (var minute = 0; minute < 10; minute++)
        {
            (await gateway.SendAsync()).Should().Be("503");
            await host.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        host.Logs.GetSnapshot().Should().NotContain(record => record.Level == LogLevel.Critical);
        await gateway.DrainAsync();
        await host.WaitUntilIdleAsync();

        gateway.Answers[10..].Should().Equal("A/declined Stored", "B/declined Stored");
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Level == LogLevel.Critical)
            .Which.Message.Should().Contain("1101000001/A/Missed was given up after 11 failures").And.EndWith("did not succeed: crm.");
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        host.Recorder.Attempts["1101000001/A/Missed"].Should().Be(11);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3)]
    public async Task AcceptAsync_HandlerAlwaysFails_IsGivenUpWithTheFifthTransmissionWhenTenMinutesHavePassed(int minutesBetween)
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []));
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        // Four transmissions within 30 or 9 minutes; the fifth one is after more than ten.
        for (var transmission = 1; transmission <= 4; transmission++)
        {
            (await gateway.SendAsync()).Should().Be("503");
            await host.AdvanceAsync(TimeSpan.FromMinutes(minutesBetween));
        }

        (await gateway.SendAsync()).Should().Be("Stored");
        await host.WaitUntilIdleAsync();
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Level == LogLevel.Critical);
    }

    [Fact]
    public async Task AcceptAsync_GiveUpDisabled_ContinuesToFail()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []), options => options.GiveUpAfter = null);
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        for (var delivery = 1; delivery <= 20; delivery++)
        {
            (await gateway.SendAsync()).Should().Be("503");
            await host.AdvanceAsync(TimeSpan.FromMinutes(5));
        }

        host.Recorder.Attempts.Values.Single().Should().Be(20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task AcceptAsync_AlwaysFailing_IsGivenUpWhenTheLastRedeliveryFailed(int redeliveries)
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []),
            options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries) = (TimeSpan.Zero, redeliveries));
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        for (var delivery = 1; delivery <= redeliveries; delivery++)
        {
            (await gateway.SendAsync()).Should().Be("503");
        }

        (await gateway.SendAsync()).Should().Be("Stored");
    }

    [Fact]
    public async Task AcceptAsync_GivenUpWhileAHandlerRuns_ItsLateResultChangesNothing()
    {
        var slow = new ControlledHandler();
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(slow);
                builder.AddHandler<ControlledHandler>().AddHandler<RecordingHandler>(options => options.RetryDelays = []);
            },
            options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries) = (TimeSpan.Zero, 0));
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).ShouldAcknowledge.Should().BeTrue();
        await slow.WaitForAttemptsAsync(1);
        slow.Release.SetException(new InvalidOperationException());
        await host.WaitUntilIdleAsync();
        await host.AdvanceAsync(TimeSpan.FromMinutes(1));

        slow.Attempts.Should().Be(1);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [Fact]
    public async Task AcceptAsync_GivenUpAndEvictedWhileAHandlerRuns_ItsLateResultIsDropped()
    {
        var slow = new ControlledHandler();
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(slow);
                builder.AddHandler<ControlledHandler>().AddHandler<RecordingHandler>(options => options.RetryDelays = []);
            },
            options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries, options.InMemory.MaxCalls) = (TimeSpan.Zero, 0, 100));
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Call.Key.IdMessage == "A" ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        await slow.WaitForAttemptsAsync(1);
        var others = Enumerable.Range(0, 101).Select(number => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", $"{number}")).AsTask()).ToArray();

        slow.Release.SetResult();
        await Task.WhenAll(others);
        await host.AdvanceAsync(TimeSpan.FromSeconds(2));
        await host.WaitUntilIdleAsync();

        host.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 1050);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", "100"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    private sealed class FailingHandler : ICallEventHandler
    {
        public bool Fails { get; set; }

        public int Attempts { get; private set; }

        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            Attempts++;
            return Fails ? throw new InvalidOperationException("the CRM is down") : ValueTask.CompletedTask;
        }
    }
}
