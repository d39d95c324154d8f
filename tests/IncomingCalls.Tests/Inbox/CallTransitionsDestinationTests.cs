using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox;

/// <summary>The transitions of inboxes that store the pauses of destinations apart from the calls.</summary>
public class CallTransitionsDestinationTests
{
    [Fact]
    public async Task Settle_PauseOfAnotherAttempt_PostponesWithoutAnotherChange()
    {
        await using var host = await StartAsync();
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        var (call, attempt) = Accept(transitions);
        AttemptReport report = new() { Attempt = attempt, Outcome = AttemptOutcome.Unavailable, Destination = "portal", Error = "down" };
        var first = transitions.ChangePause(null, report)!;

        var second = transitions.ChangePause(first.After, report)!;
        StateTransition[] settled = [transitions.Settle(call, report, first), transitions.Settle(call, report, second)];

        second.After.Should().BeSameAs(first.After, "it is not a probe");
        settled.Select(static transition => transition.PauseChange).Should().Equal(first, null);
        settled.Should().OnlyContain(static transition => transition.State.GetLanes()[0].WaitsFor == DeliveryWait.Destination && transition.State.GetLanes()[0].Next!.Delivery.Attempts == 0);
    }

    [Fact]
    public async Task ChangePause_NoDestination_IsNull()
    {
        await using var host = await StartAsync();
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        var (_, attempt) = Accept(transitions);

        transitions.ChangePause(null, new() { Attempt = attempt with { Delivery = attempt.Delivery with { Destination = null } }, Outcome = AttemptOutcome.Failed }).Should().BeNull();
    }

    [Fact]
    public async Task Postpone_NoPermit_ChangesTheDueTimeAndCountsNothing()
    {
        await using var host = await StartAsync();
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        var (call, attempt) = Accept(transitions);

        var postponed = CallTransitions.Postpone(call, attempt, TestHost.Now.AddHours(1), DeliveryWait.Permit).State;
        var settled = transitions.Settle(postponed, new() { Attempt = postponed.GetLanes()[0].Next!, Outcome = AttemptOutcome.Succeeded }).State;

        postponed.GetLanes()[0].Next!.Delivery.Should().Be(attempt.Delivery with { DueAt = TestHost.Now.AddHours(1), WaitsFor = DeliveryWait.Permit });
        CallTransitions.Postpone(settled, attempt, TestHost.Now.AddHours(1), DeliveryWait.Permit).IsChange.Should().BeFalse("the delivery has ended");
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public async Task Expire_AfterMaxPause_GivesUpWithoutAProbe(int minutes, bool isExpired)
    {
        await using var host = await StartAsync();
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        var (call, attempt) = Accept(transitions);
        var pause = transitions.ChangePause(null, new() { Attempt = attempt, Outcome = AttemptOutcome.Unavailable, Destination = "portal", Error = "down" })!.After!;
        host.Clock.Advance(TimeSpan.FromMinutes(minutes));

        var expired = transitions.Expire(attempt, pause);

        (expired is not null).Should().Be(isExpired);
        if (expired is not null)
        {
            var settled = transitions.Settle(call, expired, new DestinationPauseChange { Handler = "crm", Destination = "portal", Before = pause, After = pause });
            (settled.DeadLetter!.Error, settled.DeadLetter.Attempts, settled.PauseChange, settled.State.IsFinished).Should().Be(("down", 0, null, true));
        }
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(static builder => builder.AddHandler<RecordingHandler>(static options =>
        (options.Name, options.Destination, options.MaxPause) = ("crm", static _ => "portal", TimeSpan.FromHours(1))));

    private static (CallState Call, DeliveryAttempt Attempt) Accept(CallTransitions transitions)
    {
        var notification = TestNotifications.CreateCall("declined");
        var call = transitions.Accept(null, new()
        {
            Notification = notification,
            Decision = CallPolicies.AllStatuses.Decide(new() { Kind = CallEventKind.Missed, IdInstance = 1101000001, Notification = notification }),
            ReceivedAt = TestHost.Now,
        }).State;
        return (call, call.GetLanes()[0].Next!);
    }
}
