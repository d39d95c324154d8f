using IncomingCalls.Inbox;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The state of an active call when one batch settles it, loads it, and accepts a notification of it.</summary>
public class ActiveCallStateTests
{
    [Fact]
    public async Task OnCommitted_CallWasSettledAndLoadedBefore_StartsWithTheStateOfTheWholeBatch()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddHandler<RecordingHandler>("crm"));
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        List<ActiveCall> started = [];
        var active = new ActiveCalls(transitions, new(), new(transitions, host.Clock), host.Clock) { Start = (call, _, _) => started.Add(call), Load = static _ => { } };
        var offered = Accept(transitions, null, "offer");
        active.OnCommitted([offered]);

        var settled = transitions.Settle(offered, new() { Attempt = offered.GetLanes()[0].Next!, Outcome = AttemptOutcome.Succeeded }).State;
        var answered = Accept(transitions, settled, "pickUp");
        active.OnLaneEnded(started[0], "crm", settled);
        active.OnSignalled([settled]);
        active.OnCommitted([answered]);

        started.Should().HaveCount(2);
        started[1].Current.Should().BeSameAs(answered, "the handler receives the call with its outcome");
    }

    /// <summary>Each change of a call that waits for room finds its lane again. If it counted twice, a thousand waiting calls would exceed the limit, and the signal of some would be lost.</summary>
    [Fact]
    public void Postpone_CallWaitsForRoomAlready_CountsOnce()
    {
        var group = new ActiveGroup(new("crm", 1101000001));
        for (var i = 0; i < 3_000; i++)
        {
            group.Postpone(new(1101000001, $"{i % 1_000}"), isEarly: true);
        }

        group.EarlyCount.Should().Be(1_000);
        group.TakeEarly(2_000).Select(static key => key.IdMessage).Should().Equal(Enumerable.Range(0, 1_000).Select(static i => $"{i}"));
        group.Postpone(new(1101000001, "0"), isEarly: true);
        group.EarlyCount.Should().Be(1, "a call that was taken can wait again");
    }

    private static CallState Accept(CallTransitions transitions, CallState? before, string status) => transitions.Accept(before, new()
    {
        Notification = TestNotifications.CreateCall(status),
        Decision = CallDecision.Handle(),
        ReceivedAt = TestHost.Now,
    }).State;
}
