using IncomingCalls.Inbox;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

public class ActiveCallsTests
{
    /// <summary>The lanes of a group that are active at most with the default number of slots.</summary>
    private const int MaxPerGroup = 32;

    [Fact]
    public async Task OnLoaded_PostponedCallsHaveEnded_LoadsThoseBehindThem()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddChatRecorder<NoOpChatRecorder>("chat").AddCallerNames<KnownNames>());
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        var waits = new CallerNameWaits();
        List<CallLoad> loads = [];
        Queue<ActiveCall> started = [];
        var active = new ActiveCalls(transitions, waits, host.Clock) { Start = (call, _) => started.Enqueue(call), Load = loads.Add };
        CallState[] calls = [.. Enumerable.Range(0, 3 * MaxPerGroup).Select(i => Accept(transitions, $"{i}"))];
        active.OnCommitted(calls);
        started.Should().BeEmpty("all wait for the name");
        await host.Services.GetRequiredService<InboxCallerNames>().WaitForLookupAsync(calls[0].History, CancellationToken.None);

        // The first third becomes active, and the rest is postponed. A change of each call of the second third makes it active when there is room.
        active.OnSignalled(calls);
        foreach (var call in calls[MaxPerGroup..(2 * MaxPerGroup)])
        {
            End(active, started.Dequeue(), transitions);
            active.OnCommitted([call]);
        }

        started.Select(static call => call.Current).Should().Equal(calls[MaxPerGroup..(2 * MaxPerGroup)]);
        loads.Should().BeEmpty();
        CallState[] ended = [.. started.Select(call => End(active, call, transitions))];
        started.Clear();
        active.OnCommitted(ended);

        loads.Should().ContainSingle().Which.Keys.Should().Equal(ended.Select(static call => call.History.Key), "they were postponed first");
        loads[0].OnLoaded(ended, hasMore: false);
        loads.Should().HaveCount(2);
        loads[1].OnLoaded(calls[(2 * MaxPerGroup)..], hasMore: false);
        started.Select(static call => call.Current).Should().Equal(calls[(2 * MaxPerGroup)..]);
    }

    private static CallState Accept(CallTransitions transitions, string id) => transitions.Accept(null, new()
    {
        Notification = TestNotifications.CreateCall("declined", id),
        Decision = CallDecision.Handle(CallLabel.MissedCall),
        ReceivedAt = TestHost.Now,
    }).State;

    private static CallState End(ActiveCalls active, ActiveCall call, CallTransitions transitions)
    {
        var state = transitions.Settle(call.Current, new() { Attempt = call.Current.GetLanes().Single().Next!, Outcome = AttemptOutcome.Succeeded }).State;
        active.OnLaneEnded(call, "chat", state);
        return state;
    }

    private sealed class NoOpChatRecorder : IChatRecorder
    {
        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class KnownNames : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Ivan", Source = "test" });
    }
}
