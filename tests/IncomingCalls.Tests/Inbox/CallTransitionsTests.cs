using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox;

/// <summary>The transitions of durable inboxes, with the handlers, options and names of a host.</summary>
public class CallTransitionsTests
{
    [Fact]
    public async Task Settle_EachOutcome_UpdatesPendingDeliveriesAndDeadLetters()
    {
        await using var host = await StartAsync();
        var transitions = GetTransitions(host);
        var call = transitions.Accept(null, Receive("declined")).State;

        var succeeded = transitions.Settle(call, Report(call, AttemptOutcome.Succeeded));
        var failed = transitions.Settle(call, Report(call, AttemptOutcome.Failed));
        var rejected = transitions.Settle(call, Report(call, AttemptOutcome.Rejected));

        succeeded.State.IsFinished.Should().BeTrue();
        succeeded.DeadLetter.Should().BeNull();
        failed.State.DueAt.Should().BeCloseTo(TestHost.Now.AddSeconds(2), TimeSpan.FromSeconds(0.4));
        failed.State.GetLanes()[0].WaitsFor.Should().Be(DeliveryWait.Retry);
        rejected.State.IsFinished.Should().BeTrue();
        rejected.DeadLetter.Should().BeEquivalentTo(new { Handler = "handler", Attempts = 1, Error = "Why." });
    }

    [Fact]
    public async Task Settle_FailedAttempts_BecomeADeadLetterAfterTheLastRetryDelayOfTheHandler()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => (options.Name, options.RetryDelays) = ("handler", [TimeSpan.FromMinutes(1)])));
        var transitions = GetTransitions(host);
        var call = transitions.Accept(null, Receive("declined")).State;

        var first = transitions.Settle(call, Report(call, AttemptOutcome.Failed));
        var second = transitions.Settle(first.State, Report(first.State, AttemptOutcome.Failed));

        first.State.DueAt.Should().BeCloseTo(TestHost.Now.AddMinutes(1), TimeSpan.FromSeconds(12));
        (second.State.IsFinished, second.DeadLetter!.Attempts).Should().Be((true, 2));
    }

    [Fact]
    public async Task Settle_FailedAlert_IsRetriedUntilTheAlertExpires()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddOperatorNotifier<RecordingNotifier>());
        var transitions = GetTransitions(host);
        var call = transitions.Accept(null, Receive("offer")).State;

        var first = transitions.Settle(call, Report(call, AttemptOutcome.Failed));
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        var last = transitions.Settle(first.State, Report(first.State, AttemptOutcome.Failed));

        first.State.GetLanes()[0].DueAt.Should().Be(TestHost.Now.AddMilliseconds(500));
        last.State.PendingEvents.Should().BeEmpty();
        (last.DeadLetter, last.ExpiredAlert).Should().Match<(DeadLetterEntry? Letter, DeliveryAttempt? Alert)>(end => end.Letter == null && end.Alert != null);
    }

    [Fact]
    public async Task Replay_DeadLetterOfAnEarlierEvent_RestoresItsPositionOnce()
    {
        await using var host = await StartAsync();
        var transitions = GetTransitions(host);
        var offer = transitions.Accept(null, Receive("offer")).State;
        var rejected = transitions.Settle(offer, Report(offer, AttemptOutcome.Rejected));
        host.Clock.Advance(TimeSpan.FromSeconds(9));
        var answered = transitions.Accept(rejected.State, Receive("pickUp", host.Clock.GetUtcNow())).State;

        var replayed = transitions.Replay(answered, rejected.DeadLetter!);
        var twice = transitions.Replay(replayed.State, rejected.DeadLetter!);

        replayed.State.PendingEvents.Select(pending => pending.Event.Kind).Should().Equal(CallEventKind.Offered, CallEventKind.Answered);
        twice.IsChange.Should().BeFalse();
        twice.State.Should().BeSameAs(replayed.State);
    }

    [Fact]
    public async Task Replay_CallNoLongerStored_IsRestoredFromTheEvent()
    {
        await using var host = await StartAsync();
        var transitions = GetTransitions(host);
        var call = transitions.Accept(null, Receive("declined")).State;
        var letter = transitions.Settle(call, Report(call, AttemptOutcome.Rejected)).DeadLetter!;

        var restored = transitions.Replay(null, letter).State;

        restored.PendingEvents.Should().ContainSingle();
        transitions.Accept(restored, Receive("declined")).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [Theory]
    [InlineData(true, 0, 10)]
    [InlineData(true, 59, 10)]
    [InlineData(true, 60, 0)]
    [InlineData(false, 0, 0)]
    public async Task Accept_HandlerThatWantsTheName_IsDueAfterCallerNameWaitUnlessTheNotificationIsLate(bool wantsName, double secondsAgo, double dueAfter)
    {
        await using var host = await StartWithNamesAsync(builder => builder.AddHandler<RecordingHandler>(options => options.WaitForCallerName = wantsName));

        var lane = GetTransitions(host).Accept(null, Receive("declined", secondsAgo: secondsAgo)).State.GetLanes().Should().ContainSingle().Which;

        lane.DueAt.Should().Be(TestHost.Now.AddSeconds(dueAfter));
        lane.WaitsFor.Should().Be(dueAfter > 0 ? DeliveryWait.CallerName : DeliveryWait.None);
    }

    [Fact]
    public async Task Accept_LaterEventOfACall_HasTheDeadlineOfTheFirstReceipt()
    {
        await using var host = await StartWithNamesAsync(builder => builder.AddChatRecorder<RecordingChatRecorder>());
        var transitions = GetTransitions(host);
        var offered = transitions.Accept(null, Receive("offer")).State;

        var within = transitions.Accept(offered, Receive("hungUp", TestHost.Now.AddSeconds(9), secondsAgo: -9)).State;
        var after = transitions.Accept(within, Receive("pickUp", TestHost.Now.AddSeconds(10), secondsAgo: -10)).State;

        after.PendingEvents.Select(pending => (pending.Deliveries[0].DueAt - TestHost.Now, pending.Deliveries[0].WaitsFor)).Should().Equal(
            (TimeSpan.FromSeconds(10), DeliveryWait.CallerName), (TimeSpan.FromSeconds(10), DeliveryWait.CallerName), (TimeSpan.FromSeconds(10), DeliveryWait.None));
    }

    [Theory]
    [InlineData("120363000000000001@g.us")]
    [InlineData(null)]
    public async Task Accept_CallerWithoutName_DoesNotWait(string? from)
    {
        await using var host = await StartWithNamesAsync(builder => builder.AddChatRecorder<RecordingChatRecorder>());

        var lane = GetTransitions(host).Accept(null, Receive("declined", from: from)).State.GetLanes().Should().ContainSingle().Which;

        (lane.DueAt, lane.WaitsFor).Should().Be((TestHost.Now, DeliveryWait.None));
    }

    [Fact]
    public async Task Accept_OperatorAlert_NeverWaits()
    {
        await using var host = await StartWithNamesAsync(builder => builder.AddOperatorNotifier<RecordingNotifier>());

        var lane = GetTransitions(host).Accept(null, Receive("offer")).State.GetLanes()[0];

        (lane.IsNotifier, lane.DueAt, lane.WaitsFor).Should().Be((true, TestHost.Now, DeliveryWait.None));
    }

    [Fact]
    public async Task Settle_FailureOfARecordThatWaitedForTheName_WaitsForTheRetryAndNoLongerForTheName()
    {
        await using var host = await StartWithNamesAsync(builder => builder.AddChatRecorder<RecordingChatRecorder>());
        var transitions = GetTransitions(host);
        var call = transitions.Accept(null, Receive("declined")).State;

        var failed = transitions.Settle(call, Report(call, AttemptOutcome.Failed)).State;

        failed.GetLanes()[0].WaitsFor.Should().Be(DeliveryWait.Retry);
        transitions.IsSignalled(failed, failed.GetLanes()[0]).Should().BeFalse();
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("handler"));

    /// <summary>Starts a host with a name resolver whose lookups do not end.</summary>
    private static Task<TestHost> StartWithNamesAsync(Action<IIncomingCallsBuilder> configure) => TestHost.StartAsync(builder =>
    {
        builder.Services.AddSingleton<ControlledNames>();
        configure(builder.AddCallerNames<ControlledNames>());
    });

    private static CallTransitions GetTransitions(TestHost host) => host.Services.GetRequiredService<CallTransitions>();

    private static AttemptReport Report(CallState call, AttemptOutcome outcome) => new() { Attempt = call.GetLanes()[0].Next!, Outcome = outcome, Error = "Why." };

    private static ReceivedCallNotification Receive(string status, DateTimeOffset? at = null, double secondsAgo = 0, string? from = "70000000101@c.us")
    {
        var notification = TestNotifications.CreateCall(status, secondsAgo: secondsAgo, from: from);
        return new()
        {
            Notification = notification,
            Decision = CallPolicies.AllStatuses.Decide(new() { Kind = CallFact.KindOf(notification), IdInstance = 1101000001, Notification = notification }),
            ReceivedAt = at ?? TestHost.Now,
        };
    }
}
