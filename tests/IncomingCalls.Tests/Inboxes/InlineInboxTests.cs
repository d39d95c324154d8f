using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inboxes;

public class InlineInboxTests
{
    [Theory]
    [InlineData(CallScenario.AllStatuses, "Offered,Answered")]
    [InlineData(CallScenario.ResultOnly, "Answered")]
    [InlineData(CallScenario.OfferOnly, "Offered")]
    [InlineData(CallScenario.Ignore, "")]
    public async Task AcceptAsync_EachScenario_TellsTheHandlerWhatItShould(CallScenario scenario, string told)
    {
        await using var host = await TestHost.StartAsync(builder => builder.UseScenario(scenario).AddHandler<JournalHandler>());

        await host.Intake.AcceptAsync(Wire.Call("offer"));
        await host.Intake.AcceptAsync(Wire.Call("pickUp"));

        string.Join(',', host.Journal.Lines).Should().Be(told);
    }

    [Fact]
    public async Task AcceptAsync_EachOutcome_IsToldToTheTransport()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UseScenario(CallScenario.ResultOnly).AddHandler<JournalHandler>());

        (await host.Intake.AcceptAsync(Wire.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Tracked);
        (await host.Intake.AcceptAsync(Wire.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Repeat);
        (await host.Intake.AcceptAsync(Wire.Call("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await host.Intake.AcceptAsync(Wire.Call("DECLINED"))).Outcome.Should().Be(IntakeOutcome.Repeat);
        (await host.Intake.AcceptAsync(Wire.Call("missed"))).Outcome.Should().Be(IntakeOutcome.Tracked, "the call is known to be missed");
        host.Journal.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_RepeatAfterTheWindow_IsForgotten()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        await host.Intake.AcceptAsync(Wire.Call("declined"));

        host.Clock.Advance(TimeSpan.FromHours(71));
        await host.Intake.AcceptAsync(Wire.Call("declined"));
        host.Journal.Lines.Should().HaveCount(1);

        host.Clock.Advance(TimeSpan.FromHours(72));
        await host.Intake.AcceptAsync(Wire.Call("declined"));
        host.Journal.Lines.Should().HaveCount(2);
        host.Journal.Events[0].Id.Should().Be(host.Journal.Events[1].Id, "a host that keys by it writes nothing twice");
    }

    [Fact]
    public async Task AcceptAsync_DeliveryUnderWay_IsJoined()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        var go = new TaskCompletionSource();
        host.Journal.OnEvent = (_, _) => new(go.Task);

        var first = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        var second = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        second.IsCompleted.Should().BeFalse();
        go.SetResult();

        (await first).Outcome.Should().Be(IntakeOutcome.Stored);
        (await second).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Journal.Lines.Should().HaveCount(1);
    }

    [Fact]
    public async Task AcceptAsync_ClientGoesAway_HandlerGoesOnAndTheResendJoins()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        var go = new TaskCompletionSource();
        host.Journal.OnEvent = (_, cancellationToken) => new(go.Task.WaitAsync(cancellationToken));
        using var client = new CancellationTokenSource();

        var first = host.Intake.AcceptAsync(Wire.Call("declined"), client.Token).AsTask();
        await client.CancelAsync();
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<OperationCanceledException>();
        var resent = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        go.SetResult();

        (await resent).ShouldAcknowledge.Should().BeTrue();
        host.Journal.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task AcceptAsync_HandlerFailsOnce_IsRetriedAtOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        host.Journal.OnEvent = (callEvent, _) => callEvent.Attempt == 1 ? throw new InvalidOperationException("hiccup") : ValueTask.CompletedTask;

        var accepting = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromMilliseconds(200));

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Journal.Events.Single().Attempt.Should().Be(2);
    }

    [Fact]
    public async Task AcceptAsync_OneOfTwoHandlersFails_TheResendRunsOnlyThatOne()
    {
        var crm = new Stubborn { Fails = true };
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(crm);
            builder.AddHandler<Stubborn>(options => (options.Name, options.Retries) = ("crm", [])).AddHandler<JournalHandler>();
        });

        await FailAsync(host, Wire.Call("declined"));
        crm.Fails = false;
        await host.Intake.AcceptAsync(Wire.Call("declined"));

        crm.Attempts.Should().Be(2, "one in each delivery");
        host.Journal.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_FailedOffer_IsMadeUpBeforeTheOutcome()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(options => options.Retries = []));
        host.Journal.OnEvent = (_, _) => throw new InvalidOperationException();
        await FailAsync(host, Wire.Call("offer"));
        host.Journal.OnEvent = (_, _) => ValueTask.CompletedTask;

        await host.Intake.AcceptAsync(Wire.Call("pickUp"));

        host.Journal.Lines.Should().Equal("Offered", "Answered");
        host.Journal.Events[0].Should().Match<CallEvent>(e => !e.IsLive && e.Call.Outcome == CallOutcome.Answered && e.Attempt == 2, "the call is read when an attempt starts");
        (await host.Intake.AcceptAsync(Wire.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Repeat);
    }

    [Fact]
    public async Task AcceptAsync_AlwaysFailing_IsGivenUpAfterFiveDeliveriesAndTenMinutes()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(options => options.Retries = []));
        host.Journal.OnEvent = (_, _) => throw new InvalidOperationException();
        for (var delivery = 1; delivery <= 5; delivery++)
        {
            await FailAsync(host, Wire.Call("declined"));
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await host.Intake.AcceptAsync(Wire.Call("declined"))).ShouldAcknowledge.Should().BeTrue();
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Level == Microsoft.Extensions.Logging.LogLevel.Critical);
        (await host.Intake.AcceptAsync(Wire.Call("declined"))).Outcome.Should().Be(IntakeOutcome.Repeat);
    }

    [Fact]
    public async Task AcceptAsync_GiveUpNever_GoesOnFailing()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(options => options.Retries = []), options => options.GiveUpAfter = null);
        host.Journal.OnEvent = (_, _) => throw new InvalidOperationException();
        for (var delivery = 1; delivery <= 20; delivery++)
        {
            await FailAsync(host, Wire.Call("declined"));
            host.Clock.Advance(TimeSpan.FromHours(1));
        }

        host.Journal.Attempts.Values.Single().Should().Be(20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task AcceptAsync_AlwaysFailing_IsGivenUpWhenTheLastRedeliveryFailed(int redeliveries)
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.AddHandler<JournalHandler>(options => options.Retries = []),
            options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries) = (TimeSpan.Zero, redeliveries));
        host.Journal.OnEvent = (_, _) => throw new InvalidOperationException();
        for (var delivery = 1; delivery <= redeliveries; delivery++)
        {
            await FailAsync(host, Wire.Call("declined"));
        }

        (await host.Intake.AcceptAsync(Wire.Call("declined"))).ShouldAcknowledge.Should().BeTrue();
    }

    [Fact]
    public async Task AcceptAsync_Rejected_IsNotTriedAgain()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        host.Journal.OnEvent = (_, _) => throw new CallEventRejectedException("no such customer");

        (await host.Intake.AcceptAsync(Wire.Call("declined"))).ShouldAcknowledge.Should().BeTrue();
        host.Journal.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task AcceptAsync_HandlerAsksForTime_IsTriedAgainThen()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        host.Journal.OnEvent = (callEvent, _) =>
            callEvent.Attempt == 1 ? throw new CallEventRetryException(TimeSpan.FromSeconds(20), "the CRM is rate limited") : ValueTask.CompletedTask;

        var accepting = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(19));
        accepting.IsCompleted.Should().BeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task AcceptAsync_HandlerAsksForMoreThanTheDeliveryHas_FailsAtOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        host.Journal.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.FromHours(1));

        await FailAsync(host, Wire.Call("declined"));
    }

    [Fact]
    public async Task AcceptAsync_DeliveryBeyondItsTimeLimit_IsNotAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        host.Journal.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(100));

        var accepting = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(100));
        host.Clock.Advance(TimeSpan.FromSeconds(20));

        await FluentActions.Awaiting(() => accepting).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    [Fact]
    public async Task AcceptAsync_BusyInstance_LeavesRoomForOthers()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(), options => options.ConcurrencyPerInstance = 2);
        var go = new TaskCompletionSource();
        host.Journal.OnEvent = (callEvent, _) => callEvent.Call.Key.IdInstance == 1101000001 ? new(go.Task) : ValueTask.CompletedTask;

        var busy = Enumerable.Range(0, 10).Select(i => host.Intake.AcceptAsync(Wire.Call("declined", $"{i}")).AsTask()).ToArray();
        host.Journal.Attempts.Should().HaveCount(2);
        var other = Wire.Call("declined") with { Instance = new() { IdInstance = 7 } };
        (await host.Intake.AcceptAsync(other)).Outcome.Should().Be(IntakeOutcome.Stored);
        go.SetResult();

        await Task.WhenAll(busy);
        host.Journal.Lines.Should().HaveCount(11);
    }

    [Fact]
    public async Task AcceptAsync_EventIsHandled_NothingIsKeptForItsInstance()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(), options => options.ConcurrencyPerInstance = 1);
        await host.Intake.AcceptAsync(Wire.Call("declined"));
        host.Services.GetRequiredService<LastValid<IncomingCallsOptions>>().CurrentValue.ConcurrencyPerInstance = 2;

        var gates = host.Services.GetRequiredService<InstanceGates>();
        var places = Enumerable.Range(0, 3).Select(_ => gates.TryEnter(1101000001) is not null).ToArray();

        places.Should().Equal([true, true, false], "a gate that was kept would have one place still");
    }

    [Fact]
    public async Task AcceptAsync_MoreCallsThanRemembered_OnlyTheRememberedAreAwaited()
    {
        var policy = new CountsTimeouts();
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy(policy).AddHandler<JournalHandler>(), options => options.InMemory.MaxCalls = 100);
        for (var call = 0; call < 250; call++)
        {
            await host.Intake.AcceptAsync(Wire.Call("offer", id: $"{call}"));
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var told = host.Journal.HasLinesAsync(350);
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        await told;

        policy.Timeouts.Should().Be(100);
    }

    [Fact]
    public async Task AcceptAsync_HandlerThatHangs_IsCancelledAtItsTimeLimit()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(o => (o.TimeLimit, o.Retries) = (TimeSpan.FromSeconds(5), [])));
        host.Journal.OnEvent = (_, cancellationToken) => new(Task.Delay(Timeout.Infinite, cancellationToken));

        var accepting = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        await FluentActions.Awaiting(() => accepting).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    [Fact]
    public async Task AcceptAsync_HandlerThatIgnoresItsToken_IsLeftAlone()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(o => (o.TimeLimit, o.Retries) = (TimeSpan.FromSeconds(5), [])));
        var never = new TaskCompletionSource();
        host.Journal.OnEvent = (_, _) => new(never.Task);

        var accepting = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>();
        never.SetException(new InvalidOperationException("late"));
    }

    [Fact]
    public async Task AcceptAsync_HandlerThatCannotBeMade_FailsAloneAndNamesItself()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddScoped<Unmakeable>(_ => throw new InvalidOperationException("no connection string"));
            builder.AddHandler<Unmakeable>(options => (options.Name, options.Retries) = ("crm", [])).AddHandler<JournalHandler>();
        });

        var failure = await FailAsync(host, Wire.Call("declined"));

        failure.Message.Should().Contain("crm");
        host.Journal.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_KindsOption_FiltersEvents()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(o => o.Kinds = [CallEventKind.Missed]));

        await host.Intake.AcceptAsync(Wire.Call("offer"));
        await host.Intake.AcceptAsync(Wire.Call("declined"));

        host.Journal.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_TwoCalls_RunSideBySide()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        var go = new TaskCompletionSource();
        host.Journal.OnEvent = (callEvent, _) => callEvent.Call.Key.IdMessage == "A" ? new(go.Task) : ValueTask.CompletedTask;

        var slow = host.Intake.AcceptAsync(Wire.Call("declined", "A")).AsTask();
        await host.Intake.AcceptAsync(Wire.Call("declined", "B"));
        go.SetResult();

        (await slow).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task StopAsync_HandlerUnderWay_IsWaitedFor()
    {
        var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());
        var go = new TaskCompletionSource();
        host.Journal.OnEvent = (_, _) => new(go.Task);
        var accepting = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();

        var stopping = host.DisposeAsync().AsTask();
        stopping.IsCompleted.Should().BeFalse();
        go.SetResult();

        await stopping;
        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    /// <summary>For handlers without quick retries, which would wait on a clock that stands still.</summary>
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

    private sealed class Stubborn : ICallEventHandler
    {
        public bool Fails { get; set; }

        public int Attempts { get; private set; }

        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            Attempts++;
            return Fails ? throw new InvalidOperationException("the CRM is down") : ValueTask.CompletedTask;
        }
    }

    private sealed class Unmakeable : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
