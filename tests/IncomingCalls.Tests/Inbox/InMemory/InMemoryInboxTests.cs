using IncomingCalls.Handling;
using IncomingCalls.Shared;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

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
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Clock.Advance(TimeSpan.FromHours(71));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        host.Recorder.Lines.Should().HaveCount(1);

        host.Clock.Advance(TimeSpan.FromHours(72));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        host.Recorder.Lines.Should().HaveCount(2);
        host.Recorder.Events[0].Id.Should().Be(host.Recorder.Events[1].Id, "a host that uses the id as idempotency key writes nothing twice");
    }

    [Fact]
    public async Task AcceptAsync_DeliveryInProgress_DuplicateAwaitsItsResult()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);

        var first = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        var second = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        second.IsCompleted.Should().BeFalse();
        go.SetResult();

        (await first).Outcome.Should().Be(IntakeOutcome.Stored);
        (await second).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Lines.Should().HaveCount(1);
    }

    [Fact]
    public async Task AcceptAsync_ClientDisconnects_HandlerContinuesAndTheRedeliveryAwaitsIt()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, cancellationToken) => new(go.Task.WaitAsync(cancellationToken));
        using var client = new CancellationTokenSource();

        var first = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"), client.Token).AsTask();
        await client.CancelAsync();
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<OperationCanceledException>();
        var resent = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        go.SetResult();

        (await resent).ShouldAcknowledge.Should().BeTrue();
        host.Recorder.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task AcceptAsync_HandlerFailsOnce_IsRetriedImmediately()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Attempt == 1 ? throw new InvalidOperationException("hiccup") : ValueTask.CompletedTask;

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromMilliseconds(200));

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Events.Single().Attempt.Should().Be(2);
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

        await FailAsync(host, TestNotifications.CreateCall("declined"));
        crm.Fails = false;
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        crm.Attempts.Should().Be(2, "each delivery has one attempt");
        host.Recorder.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_FailedOffer_IsRetriedBeforeTheOutcome()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []));
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        await FailAsync(host, TestNotifications.CreateCall("offer"));
        host.Recorder.OnEvent = (_, _) => ValueTask.CompletedTask;

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));

        host.Recorder.Lines.Should().Equal("Offered", "Answered");
        host.Recorder.Events[0].Should().Match<CallEvent>(e => !e.IsLive && e.Call.Outcome == CallOutcome.Answered && e.Attempt == 2, "the call is read when an attempt starts");
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [Fact]
    public async Task AcceptAsync_HandlerAlwaysFails_IsGivenUpAfterFiveRedeliveriesAndTenMinutes()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []));
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        for (var delivery = 1; delivery <= 5; delivery++)
        {
            await FailAsync(host, TestNotifications.CreateCall("declined"));
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).ShouldAcknowledge.Should().BeTrue();
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Level == Microsoft.Extensions.Logging.LogLevel.Critical);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [Fact]
    public async Task AcceptAsync_GiveUpDisabled_ContinuesToFail()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []), options => options.GiveUpAfter = null);
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        for (var delivery = 1; delivery <= 20; delivery++)
        {
            await FailAsync(host, TestNotifications.CreateCall("declined"));
            host.Clock.Advance(TimeSpan.FromHours(1));
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
        for (var delivery = 1; delivery <= redeliveries; delivery++)
        {
            await FailAsync(host, TestNotifications.CreateCall("declined"));
        }

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).ShouldAcknowledge.Should().BeTrue();
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
    public async Task AcceptAsync_HandlerRequestsRetryDelay_IsRetriedAfterIt()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (callEvent, _) =>
            callEvent.Attempt == 1 ? throw new CallEventRetryException(TimeSpan.FromSeconds(20), "the CRM is rate limited") : ValueTask.CompletedTask;

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(19));
        accepting.IsCompleted.Should().BeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task AcceptAsync_RetryDelayExceedsAcknowledgementTimeout_FailsAtOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.FromHours(1));

        await FailAsync(host, TestNotifications.CreateCall("declined"));
    }

    [Fact]
    public async Task AcceptAsync_AcknowledgementTimeoutExpires_IsNotAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(100));

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(100));
        host.Clock.Advance(TimeSpan.FromSeconds(20));

        await FluentActions.Awaiting(() => accepting).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    [Fact]
    public async Task AcceptAsync_BusyInstance_DoesNotBlockOthers()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(), options => options.MaxConcurrentAttemptsPerInstance = 2);
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Call.Key.IdInstance == 1101000001 ? new(go.Task) : ValueTask.CompletedTask;

        var busy = Enumerable.Range(0, 10).Select(i => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", $"{i}")).AsTask()).ToArray();
        host.Recorder.Attempts.Should().HaveCount(2);
        var other = TestNotifications.CreateCall("declined") with { Instance = new() { IdInstance = 7 } };
        (await host.Intake.AcceptAsync(other)).Outcome.Should().Be(IntakeOutcome.Stored);
        go.SetResult();

        await Task.WhenAll(busy);
        host.Recorder.Lines.Should().HaveCount(11);
    }

    [Fact]
    public async Task AcceptAsync_EventHandled_ReleasesInstanceResources()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(), options => options.MaxConcurrentAttemptsPerInstance = 1);
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        host.Services.GetRequiredService<LastKnownGoodOptions<IncomingCallsOptions>>().CurrentValue.MaxConcurrentAttemptsPerInstance = 2;

        var slots = host.Services.GetRequiredService<InstanceSlots>();
        var acquired = Enumerable.Range(0, 3).Select(_ => slots.TryAcquire(1101000001) is not null).ToArray();

        acquired.Should().Equal([true, true, false], "slots that were not released would still have the old limit of one");
    }

    [Fact]
    public async Task AcceptAsync_MoreCallsThanMaxCalls_OnlyRememberedCallsHaveTimers()
    {
        var policy = new CountsTimeouts();
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy(policy).AddHandler<RecordingHandler>(), options => options.InMemory.MaxCalls = 100);
        for (var call = 0; call < 250; call++)
        {
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", id: $"{call}"));
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var recorded = host.Recorder.WaitForLinesAsync(350);
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        await recorded;

        policy.Timeouts.Should().Be(100);
    }

    [Fact]
    public async Task AcceptAsync_HandlerHangs_IsCancelledAtItsTimeout()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(o => (o.Timeout, o.RetryDelays) = (TimeSpan.FromSeconds(5), [])));
        host.Recorder.OnEvent = (_, cancellationToken) => new(Task.Delay(Timeout.Infinite, cancellationToken));

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        await FluentActions.Awaiting(() => accepting).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    [Fact]
    public async Task AcceptAsync_HandlerIgnoresCancellation_IsAbandoned()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(o => (o.Timeout, o.RetryDelays) = (TimeSpan.FromSeconds(5), [])));
        var never = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(never.Task);

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>();
        never.SetException(new InvalidOperationException("late"));
    }

    [Fact]
    public async Task AcceptAsync_HandlerCannotBeConstructed_FailsAloneAndIsNamed()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddScoped<UnconstructibleHandler>(_ => throw new InvalidOperationException("no connection string"));
            builder.AddHandler<UnconstructibleHandler>(options => (options.Name, options.RetryDelays) = ("crm", [])).AddHandler<RecordingHandler>();
        });

        var failure = await FailAsync(host, TestNotifications.CreateCall("declined"));

        failure.Message.Should().Contain("crm");
        host.Recorder.Lines.Should().Equal("Missed");
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
    public async Task StopAsync_HandlerRunning_WaitsForIt()
    {
        var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);
        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();

        var stopping = host.DisposeAsync().AsTask();
        stopping.IsCompleted.Should().BeFalse();
        go.SetResult();

        await stopping;
        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    /// <summary>Options without retries, which would wait on the fake clock.</summary>
    private static async Task<CallInboxUnavailableException> FailAsync(TestHost host, IncomingCallNotification notification)
    {
        return (await FluentActions.Awaiting(() => host.Intake.AcceptAsync(notification).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>()).Which;
    }

    private sealed class CountsTimeouts : ICallPolicy
    {
        public int Timeouts { get; private set; }

        public CallDecision Decide(CallPolicyContext context)
        {
            Timeouts += context.Kind == CallEventKind.OutcomeUnknown ? 1 : 0;
            return CallDecision.Handle();
        }
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

    private sealed class UnconstructibleHandler : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
