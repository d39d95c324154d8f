using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Records;

public class OperatorAlertsTests
{
    private const string Alert = "1101000001/A/Offered";

    [Fact]
    public async Task Offer_ThenOutcome_RaisesAndWithdraws()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(Wire.Call("offer"));
        await host.Intake.AcceptAsync(Wire.Call("pickUp"));
        await host.Journal.HasLinesAsync(2);

        host.Journal.Lines.Should().Equal($"raise {Alert} +70000000101", $"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_UnderOfferOnly_IsWithdrawnByTheTrackedOutcome()
    {
        await using var host = await StartAsync(CallScenario.OfferOnly);

        await host.Intake.AcceptAsync(Wire.Call("offer"));
        var result = await host.Intake.AcceptAsync(Wire.Call("declined"));

        result.Outcome.Should().Be(IntakeOutcome.Tracked);
        await host.Journal.HasLinesAsync(2);
        host.Journal.Lines.Should().HaveCount(2).And.EndWith($"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_NobodyEnds_IsWithdrawnWhenItExpires()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(Wire.Call("offer"));

        var over = host.Journal.HasLinesAsync(2);
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await over;

        host.Journal.Lines[1].Should().StartWith("withdraw");
        await host.Intake.AcceptAsync(Wire.Call("declined"));
        host.Journal.Lines.Should().HaveCount(2, "it is withdrawn once");
    }

    [Fact]
    public async Task Offer_OlderThanTheWindow_IsSuppressedAndLoggedWithItsLag()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(Wire.Call("offer", secondsAgo: 3600));
        await host.Intake.AcceptAsync(Wire.Call("declined"));

        host.Journal.Lines.Should().BeEmpty();
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Message.Contains("suppressed") && record.Message.Contains("3600"));
    }

    [Fact]
    public async Task Offer_FromTheFuture_IsNew()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(Wire.Call("offer", secondsAgo: -3600));

        host.Journal.Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Offer_AfterItsOutcome_AlertsNobody()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(Wire.Call("pickUp"));
        var late = await host.Intake.AcceptAsync(Wire.Call("offer"));

        late.Outcome.Should().Be(IntakeOutcome.Tracked);
        host.Journal.Lines.Should().NotContain(line => line.StartsWith("raise"));
    }

    [Fact]
    public async Task Outcome_OfACallThatAnEarlierProcessMayHaveAlerted_IsWithdrawn()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(Wire.Call("declined"));
        await host.Intake.AcceptAsync(Wire.Call("declined", id: "old", secondsAgo: 3600));

        host.Journal.Lines.Should().Equal($"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_FromSelf_AlertsNobody()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(Wire.Call("offer", from: "70000000001@c.us"));

        host.Journal.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Offer_RepeatedByTheGateway_AlertsOnce()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(Wire.Call("offer"));
        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Journal.Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task NameArrivesLater_AlertIsRaisedAtOnceAndUpdated()
    {
        var names = new SlowNames();
        await using var host = await StartAsync(configure: builder => builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.LastResort, names));

        await host.Intake.AcceptAsync(Wire.Call("offer"));
        host.Journal.Lines.Should().Equal($"raise {Alert} +70000000101");
        var updated = host.Journal.HasLinesAsync(2);
        names.Answer.SetResult(new() { Name = "Ivan (office)", Source = "test" });
        await updated;

        host.Journal.Lines[1].Should().Be($"update {Alert} Ivan (office)");
        (await names.Asked.Task).IsRinging.Should().BeTrue();
        await host.Intake.AcceptAsync(Wire.Call("pickUp"));
        await host.Journal.HasLinesAsync(3);
        host.Journal.Lines[2].Should().Be($"withdraw {Alert} Ivan (office)");
    }

    [Fact]
    public async Task Outcome_WhileAnUpdateIsUnderWay_IsShownAfterIt()
    {
        var names = new SlowNames();
        var screen = new SlowScreen();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(screen);
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.LastResort, names);
            builder.AddOperatorNotifier<SlowScreen>();
        });
        await host.Intake.AcceptAsync(Wire.Call("offer"));
        names.Answer.SetResult(new() { Name = "Ivan", Source = "test" });
        await screen.Updating.Task;

        await host.Intake.AcceptAsync(Wire.Call("pickUp"));
        screen.Withdrawn.Task.IsCompleted.Should().BeFalse("one step at a time");
        screen.Update.SetResult();

        await screen.Withdrawn.Task;
    }

    [Fact]
    public async Task Outcome_WhileAnUpdateNeverReturns_IsShownAfterItsTimeLimit()
    {
        var names = new SlowNames();
        var screen = new SlowScreen();
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(screen);
                builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.LastResort, names);
                builder.AddOperatorNotifier<SlowScreen>();
            },
            options => options.HandlerTimeLimit = TimeSpan.FromSeconds(2));
        await host.Intake.AcceptAsync(Wire.Call("offer"));
        names.Answer.SetResult(new() { Name = "Ivan", Source = "test" });
        await screen.Updating.Task;
        await host.Intake.AcceptAsync(Wire.Call("pickUp"));

        // Seconds pass one by one, and the host's work gets its turn after each: the alert itself lasts only sixty.
        using var turns = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var second = 0; second < 50 && !screen.Withdrawn.Task.IsCompleted; second++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await turns.WaitForNextTickAsync();
        }

        await screen.Withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Notifier_AsksForMoreTimeThanTheAlertHas_LeavesTheLaneToTheOutcome()
    {
        var notifier = new PatientNotifier();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(notifier);
            builder.AddOperatorNotifier<PatientNotifier>();
        });

        await host.Intake.AcceptAsync(Wire.Call("offer"));
        await host.Intake.AcceptAsync(Wire.Call("pickUp"));

        await notifier.Withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task NotifierFails_NothingElseWaitsAndItIsTriedUntilTheAlertIsOver()
    {
        var notifier = new BrokenNotifier();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(notifier);
            builder.AddOperatorNotifier<BrokenNotifier>().AddHandler<JournalHandler>();
        });

        (await host.Intake.AcceptAsync(Wire.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Journal.Lines.Should().Equal("Offered");
        for (var second = 0; second < 120; second++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        notifier.Attempts.Should().BeInRange(4, 12, "half a second, doubling to ten, for a minute");
        var attempts = notifier.Attempts;
        host.Clock.Advance(TimeSpan.FromHours(1));
        notifier.Attempts.Should().Be(attempts);
    }

    private static Task<TestHost> StartAsync(CallScenario scenario = CallScenario.AllStatuses, Action<IIncomingCallsBuilder>? configure = null) =>
        TestHost.StartAsync(builder =>
        {
            builder.UseScenario(scenario).AddOperatorNotifier<JournalNotifier>();
            configure?.Invoke(builder);
        });

    private sealed class SlowNames : ICallerNameResolver
    {
        public TaskCompletionSource<CallerName?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<CallerNameQuery> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            Asked.TrySetResult(query);
            return new(Answer.Task);
        }
    }

    private sealed class SlowScreen : IOperatorNotifier
    {
        public TaskCompletionSource Updating { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Update { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Withdrawn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => default;

        public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Updating.SetResult();
            return new(Update.Task);
        }

        public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Withdrawn.SetResult();
            return default;
        }
    }

    private sealed class PatientNotifier : IOperatorNotifier
    {
        public TaskCompletionSource Withdrawn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => throw new CallEventRetryException(TimeSpan.FromHours(1));

        public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Withdrawn.TrySetResult();
            return default;
        }
    }

    private sealed class BrokenNotifier : IOperatorNotifier
    {
        public int Attempts { get; private set; }

        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Attempts++;
            throw new InvalidOperationException("no connection to the operators");
        }
    }
}
