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

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        await host.Recorder.WaitForLinesAsync(2);

        host.Recorder.Lines.Should().Equal($"raise {Alert} +70000000101", $"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_OfferOnlyScenario_IsWithdrawnByTheTrackedOutcome()
    {
        await using var host = await StartAsync(CallScenario.OfferOnly);

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        var result = await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        result.Outcome.Should().Be(IntakeOutcome.Tracked);
        await host.Recorder.WaitForLinesAsync(2);
        host.Recorder.Lines.Should().HaveCount(2).And.EndWith($"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_WithoutOutcome_IsWithdrawnWhenItExpires()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        var over = host.Recorder.WaitForLinesAsync(2);
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await over;

        host.Recorder.Lines[1].Should().StartWith("withdraw");
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        host.Recorder.Lines.Should().HaveCount(2, "it is withdrawn once");
    }

    [Fact]
    public async Task Offer_OlderThanTheWindow_IsSuppressedAndLoggedWithItsLag()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", secondsAgo: 3600));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Should().BeEmpty();
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Message.Contains("suppressed") && record.Message.Contains("3600"));
    }

    [Fact]
    public async Task Offer_TimestampInTheFuture_IsLive()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", secondsAgo: -3600));

        host.Recorder.Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Offer_AfterItsOutcome_RaisesNoAlert()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        var late = await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        late.Outcome.Should().Be(IntakeOutcome.Tracked);
        host.Recorder.Lines.Should().NotContain(line => line.StartsWith("raise"));
    }

    [Fact]
    public async Task Outcome_OfACallThatAnEarlierProcessMayHaveAlerted_IsWithdrawn()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", id: "old", secondsAgo: 3600));

        host.Recorder.Lines.Should().Equal($"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_FromSelf_RaisesNoAlert()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", from: "70000000001@c.us"));

        host.Recorder.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Offer_Duplicate_RaisesOneAlert()
    {
        await using var host = await StartAsync();

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        host.Recorder.Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Offer_NameFoundLater_AlertIsRaisedImmediatelyAndUpdated()
    {
        var names = new ControlledNameResolver();
        await using var host = await StartAsync(configure: builder => builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, names));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        host.Recorder.Lines.Should().Equal($"raise {Alert} +70000000101");
        var updated = host.Recorder.WaitForLinesAsync(2);
        names.Answer.SetResult(new() { Name = "Ivan (office)", Source = "test" });
        await updated;

        host.Recorder.Lines[1].Should().Be($"update {Alert} Ivan (office)");
        (await names.ReceivedQuery.Task).IsRinging.Should().BeTrue();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        await host.Recorder.WaitForLinesAsync(3);
        host.Recorder.Lines[2].Should().Be($"withdraw {Alert} Ivan (office)");
    }

    [Fact]
    public async Task Outcome_DuringAnUpdate_WithdrawsAfterIt()
    {
        var names = new ControlledNameResolver();
        var screen = new ControlledNotifier();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(screen);
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, names);
            builder.AddOperatorNotifier<ControlledNotifier>();
        });
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        names.Answer.SetResult(new() { Name = "Ivan", Source = "test" });
        await screen.Updating.Task;

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        screen.Withdrawn.Task.IsCompleted.Should().BeFalse("one step at a time");
        screen.Update.SetResult();

        await screen.Withdrawn.Task;
    }

    [Fact]
    public async Task Outcome_DuringAHangingUpdate_WithdrawsAfterItsTimeout()
    {
        var names = new ControlledNameResolver();
        var screen = new ControlledNotifier();
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(screen);
                builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, names);
                builder.AddOperatorNotifier<ControlledNotifier>();
            },
            options => options.HandlerTimeout = TimeSpan.FromSeconds(2));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        names.Answer.SetResult(new() { Name = "Ivan", Source = "test" });
        await screen.Updating.Task;
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));

        // The clock advances in steps of a second, so that the host can work after each of them: the alert expires after sixty.
        using var turns = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var second = 0; second < 50 && !screen.Withdrawn.Task.IsCompleted; second++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await turns.WaitForNextTickAsync();
        }

        await screen.Withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Notifier_RetryDelayExceedsExpiration_ReleasesTheLaneForTheOutcome()
    {
        var notifier = new DelayingNotifier();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(notifier);
            builder.AddOperatorNotifier<DelayingNotifier>();
        });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));

        await notifier.Withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Notifier_Fails_BlocksNothingAndIsRetriedUntilTheAlertExpires()
    {
        var notifier = new FailingNotifier();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(notifier);
            builder.AddOperatorNotifier<FailingNotifier>().AddHandler<RecordingHandler>();
        });

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Lines.Should().Equal("Offered");
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
            builder.UseScenario(scenario).AddOperatorNotifier<RecordingNotifier>();
            configure?.Invoke(builder);
        });

    private sealed class ControlledNameResolver : ICallerNameResolver
    {
        public TaskCompletionSource<CallerName?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<CallerNameQuery> ReceivedQuery { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            ReceivedQuery.TrySetResult(query);
            return new(Answer.Task);
        }
    }

    private sealed class ControlledNotifier : IOperatorNotifier
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

    private sealed class DelayingNotifier : IOperatorNotifier
    {
        public TaskCompletionSource Withdrawn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => throw new CallEventRetryException(TimeSpan.FromHours(1));

        public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Withdrawn.TrySetResult();
            return default;
        }
    }

    private sealed class FailingNotifier : IOperatorNotifier
    {
        public int Attempts { get; private set; }

        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Attempts++;
            throw new InvalidOperationException("no connection to the operators");
        }
    }
}
