using IncomingCalls.Inbox;
using IncomingCalls.Tests.Callers;
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

        await AcceptAsync(host, TestNotifications.CreateCall("offer"));
        await AcceptAsync(host, TestNotifications.CreateCall("pickUp"));

        host.Recorder.Lines.Should().Equal($"raise {Alert} +70000000101", $"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_OfferOnlyScenario_IsWithdrawnByTheTrackedOutcome()
    {
        await using var host = await StartAsync(CallScenario.OfferOnly);

        await AcceptAsync(host, TestNotifications.CreateCall("offer"));
        var result = await AcceptAsync(host, TestNotifications.CreateCall("declined"));

        result.Outcome.Should().Be(IntakeOutcome.Tracked);
        host.Recorder.Lines.Should().HaveCount(2).And.EndWith($"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_WithoutOutcome_IsWithdrawnWhenItExpires()
    {
        await using var host = await StartAsync();
        await AcceptAsync(host, TestNotifications.CreateCall("offer"));

        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await host.Recorder.WaitForLinesAsync(2);

        host.Recorder.Lines[1].Should().StartWith("withdraw");
        await AcceptAsync(host, TestNotifications.CreateCall("declined"));
        host.Recorder.Lines.Should().HaveCount(2, "it is withdrawn once");
    }

    [Fact]
    public async Task Offer_OlderThanTheWindow_IsSuppressedAndLoggedWithItsLag()
    {
        await using var host = await StartAsync();

        await AcceptAsync(host, TestNotifications.CreateCall("offer", secondsAgo: 3600));
        await AcceptAsync(host, TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Should().BeEmpty();
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Message.Contains("suppressed") && record.Message.Contains("3600"));
    }

    [Fact]
    public async Task Offer_TimestampInTheFuture_IsLive()
    {
        await using var host = await StartAsync();

        await AcceptAsync(host, TestNotifications.CreateCall("offer", secondsAgo: -3600));

        host.Recorder.Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Offer_AfterItsOutcome_RaisesNoAlert()
    {
        await using var host = await StartAsync();

        await AcceptAsync(host, TestNotifications.CreateCall("pickUp"));
        var late = await AcceptAsync(host, TestNotifications.CreateCall("offer"));

        late.Outcome.Should().Be(IntakeOutcome.Tracked);
        host.Recorder.Lines.Should().NotContain(line => line.StartsWith("raise"));
    }

    [Fact]
    public async Task Outcome_OfACallThatAnEarlierProcessMayHaveAlerted_IsWithdrawn()
    {
        await using var host = await StartAsync();

        await AcceptAsync(host, TestNotifications.CreateCall("declined"));
        await AcceptAsync(host, TestNotifications.CreateCall("declined", id: "old", secondsAgo: 3600));

        host.Recorder.Lines.Should().Equal($"withdraw {Alert} +70000000101");
    }

    [Fact]
    public async Task Offer_FromSelf_RaisesNoAlert()
    {
        await using var host = await StartAsync();

        await AcceptAsync(host, TestNotifications.CreateCall("offer", from: "70000000001@c.us"));

        host.Recorder.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Offer_Duplicate_RaisesOneAlert()
    {
        await using var host = await StartAsync();

        await AcceptAsync(host, TestNotifications.CreateCall("offer"));
        await AcceptAsync(host, TestNotifications.CreateCall("offer"));

        host.Recorder.Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Offer_NameFoundLater_AlertIsRaisedImmediatelyAndUpdated()
    {
        var names = new ControlledNameResolver();
        await using var host = await StartAsync(configure: builder => builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, names));

        await AcceptAsync(host, TestNotifications.CreateCall("offer"));
        host.Recorder.Lines.Should().Equal($"raise {Alert} +70000000101");
        names.Answer.SetResult(new() { Name = "Ivan (office)", Source = "test" });
        await host.Recorder.WaitForLinesAsync(2);

        host.Recorder.Lines[1].Should().Be($"update {Alert} Ivan (office)");
        (await names.ReceivedQuery.Task).IsRinging.Should().BeTrue();
        await AcceptAsync(host, TestNotifications.CreateCall("pickUp"));
        host.Recorder.Lines[2].Should().Be($"withdraw {Alert} Ivan (office)");
    }

    [Fact]
    public async Task Offer_NumberOfLinkedIdFoundBeforeTheName_AlertIsUpdatedTwice()
    {
        var names = new ControlledNameResolver();
        var numbers = new ScriptedNumbers();
        var number = numbers.Block();
        await using var host = await StartAsync(configure: builder =>
        {
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, names);
            builder.Services.AddSingleton<ICallerNumberResolver>(numbers);
        });

        await AcceptAsync(host, TestNotifications.CreateCall("offer", from: "100000000000001@lid"));
        host.Recorder.Lines.Should().Equal($"raise {Alert} 100000000000001@lid");
        number.SetResult(new() { PhoneNumber = "+70000000101", CacheDuration = TimeSpan.FromDays(1) });
        await host.Recorder.WaitForLinesAsync(2);
        names.Answer.SetResult(new() { Name = "Ivan (office)", Source = "test" });
        await host.Recorder.WaitForLinesAsync(3);
        await AcceptAsync(host, TestNotifications.CreateCall("pickUp", from: "100000000000001@lid"));

        host.Recorder.Lines.Skip(1).Should().Equal($"update {Alert} +70000000101", $"update {Alert} Ivan (office)", $"withdraw {Alert} Ivan (office)");
    }

    [Fact]
    public async Task Offer_NumberOfLinkedIdHidden_AlertIsNotUpdated()
    {
        var numbers = new ScriptedNumbers();
        numbers.Return(null, TimeSpan.FromDays(1));
        await using var host = await StartAsync(configure: builder => builder.Services.AddSingleton<ICallerNumberResolver>(numbers));

        await AcceptAsync(host, TestNotifications.CreateCall("offer", from: "100000000000001@lid"));
        await AcceptAsync(host, TestNotifications.CreateCall("pickUp", from: "100000000000001@lid"));

        host.Recorder.Lines.Should().Equal($"raise {Alert} 100000000000001@lid", $"withdraw {Alert} 100000000000001@lid");
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
        await AcceptAsync(host, TestNotifications.CreateCall("offer"));
        names.Answer.SetResult(new() { Name = "Ivan", Source = "test" });
        await screen.Updating.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        screen.Withdrawn.Task.IsCompleted.Should().BeFalse("one step at a time");
        screen.Update.SetResult();

        await screen.Withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(10));
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
        await AcceptAsync(host, TestNotifications.CreateCall("offer"));
        names.Answer.SetResult(new() { Name = "Ivan", Source = "test" });
        await screen.Updating.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));

        // Far less than the sixty seconds after which the alert expires.
        await host.AdvanceUntilAsync(screen.Withdrawn.Task, TimeSpan.FromMilliseconds(500));
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

        await AcceptAsync(host, TestNotifications.CreateCall("offer"));
        await AcceptAsync(host, TestNotifications.CreateCall("pickUp"));

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

        (await AcceptAsync(host, TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Lines.Should().Equal("Offered");
        for (var step = 0; step < 240; step++)
        {
            await host.AdvanceAsync(TimeSpan.FromMilliseconds(500));
        }

        notifier.Attempts.Should().Be(10, "the delays are half a second, doubling to ten, for a minute: 0, 0.5, 1.5, 3.5, 7.5, 15.5, 25.5, 35.5, 45.5, 55.5");
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 1022);
    }

    /// <summary>Accepts a notification, and waits for the alerts, which are raised after the acknowledgement.</summary>
    private static async Task<IntakeResult> AcceptAsync(TestHost host, IncomingCallNotification notification)
    {
        var result = await host.Intake.AcceptAsync(notification);
        await host.WaitUntilIdleAsync();
        return result;
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
