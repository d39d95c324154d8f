using IncomingCalls.Inbox;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The limits of the active lanes, with the default number of slots.</summary>
public class ActiveCallsTests
{
    private const int MaxPerGroup = 32;
    private const int MaxPerHandler = 4_096;
    private const int MaxAlerts = 1_024;
    private const int MaxEarly = 1_024;

    [Fact]
    public async Task OnCommitted_MoreDueCallsThanAGroupHolds_LoadsTheRestWhenHalfOfThemHaveEnded()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddHandler<RecordingHandler>("crm"));
        var active = new TestActiveCalls(host);

        active.OnCommitted(active.Accept(100));
        active.Started.Should().HaveCount(MaxPerGroup);
        active.End(MaxPerGroup / 2 - 1);
        active.Loads.Should().BeEmpty("a query costs as much as many calls");
        active.End(1);

        active.Loads.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Group = new LaneGroup("crm", 1101000001), Limit = (MaxPerGroup / 2) + MaxPerGroup }, "the active calls come first");
    }

    [Fact]
    public async Task OnCommitted_CallsOfManyInstances_HoldsNoMoreThanTheLimitOfAHandler()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddHandler<RecordingHandler>("crm").AddHandler<RecordingHandler>("other"));
        var active = new TestActiveCalls(host);

        for (var instance = 1; instance <= (MaxPerHandler / MaxPerGroup) + 2; instance++)
        {
            active.OnCommitted(active.Accept(MaxPerGroup, instance: instance));
        }

        active.Started.Count(static started => started.Handler == "crm").Should().Be(MaxPerHandler);
        active.Started.Count(static started => started.Handler == "other").Should().Be(MaxPerHandler);
    }

    [Fact]
    public async Task OnDue_HandlerIsAtItsLimit_LoadsNothingUntilALaneHasEnded()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddHandler<RecordingHandler>("crm"));
        var active = new TestActiveCalls(host);
        for (var instance = 1; instance <= MaxPerHandler / MaxPerGroup; instance++)
        {
            active.OnCommitted(active.Accept(MaxPerGroup, instance: instance));
        }

        active.OnDue(new LaneGroup("crm", 1101000001));
        active.TakeLoads().Should().BeEmpty("what is loaded could not start");
        active.End(1);
        active.OnDue(new LaneGroup("crm", 1101000001));

        active.TakeLoads().Should().ContainSingle().Which.Group.Should().Be(new LaneGroup("crm", 1101000001));
    }

    [Fact]
    public async Task OnDue_ManyAlertsHang_LoadsAnAlertThatIsRetried()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddOperatorNotifier<NoOpNotifier>("screen"));
        var active = new TestActiveCalls(host);
        active.OnCommitted(active.Accept(MaxPerGroup, status: "offer"));

        active.OnDue(new LaneGroup("screen", 1101000001));

        active.TakeLoads().Should().ContainSingle("alerts wait for nothing");
    }

    [Fact]
    public async Task OnCommitted_ManyAlerts_StartAtOnceUpToALimit()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddOperatorNotifier<NoOpNotifier>("screen"));
        var active = new TestActiveCalls(host);

        active.OnCommitted(active.Accept(MaxAlerts + 10, status: "offer"));

        active.Started.Should().HaveCount(MaxAlerts).And.OnlyContain(static started => started.Handler == "screen");
    }

    [Fact]
    public async Task OnSignalled_MoreCallsThanMayBePostponed_LeavesTheOthersToTheirStoredTime()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddChatRecorder<NoOpChatRecorder>("chat").AddCallerNames<KnownNames>());
        var active = new TestActiveCalls(host);
        var calls = active.Accept(MaxPerGroup + MaxEarly + 10);
        await active.OnNameFoundAsync(calls);

        while (active.Started.Count > 0)
        {
            active.End(active.Started.Count);
            foreach (var load in active.TakeLoads())
            {
                load.OnLoaded([.. load.Keys.Select(key => calls.Single(call => call.History.Key == key))], hasMore: false);
            }
        }

        active.StartedCount.Should().Be(MaxPerGroup + MaxEarly);
    }

    [Fact]
    public async Task OnLoaded_PostponedCallsHaveEnded_LoadsThoseBehindThem()
    {
        await using var host = await TestHost.StartAsync(static calls => calls.AddChatRecorder<NoOpChatRecorder>("chat").AddCallerNames<KnownNames>());
        var active = new TestActiveCalls(host);
        var calls = active.Accept(3 * MaxPerGroup);
        await active.OnNameFoundAsync(calls);

        // The first third is active, and the rest is postponed. A change of each call of the second third makes it active when there is room.
        foreach (var call in calls[MaxPerGroup..(2 * MaxPerGroup)])
        {
            active.End(1, [call]);
        }

        active.Started.Select(static started => started.Call.Current).Should().Equal(calls[MaxPerGroup..(2 * MaxPerGroup)]);
        active.Loads.Should().BeEmpty();
        var ended = active.End(MaxPerGroup);

        var load = active.TakeLoads().Should().ContainSingle().Which;
        load.Keys.Should().Equal(ended.Select(static call => call.History.Key), "they were postponed first");
        load.OnLoaded(ended, hasMore: false);
        active.TakeLoads().Should().ContainSingle().Which.OnLoaded(calls[(2 * MaxPerGroup)..], hasMore: false);
        active.Started.Select(static started => started.Call.Current).Should().Equal(calls[(2 * MaxPerGroup)..]);
    }

    /// <summary>Active calls whose attempts and loads the test ends.</summary>
    private sealed class TestActiveCalls
    {
        private readonly TestHost _host;
        private readonly CallTransitions _transitions;
        private readonly ActiveCalls _active;

        public TestActiveCalls(TestHost host)
        {
            _host = host;
            _transitions = host.Services.GetRequiredService<CallTransitions>();
            _active = new(_transitions, new(), new(_transitions, host.Clock), host.Clock)
            {
                Start = (call, lane, _) =>
                {
                    StartedCount++;
                    Started.Enqueue((call, lane.HandlerName));
                },
                Load = Loads.Add,
            };
        }

        /// <summary>The lanes that were started and have not ended, in the order of their start.</summary>
        public Queue<(ActiveCall Call, string Handler)> Started { get; } = [];

        public int StartedCount { get; private set; }

        public List<CallLoad> Loads { get; } = [];

        public CallState[] Accept(int count, string status = "declined", long instance = 1101000001) =>
        [
            .. Enumerable.Range(0, count).Select(i => _transitions.Accept(null, new()
            {
                Notification = TestNotifications.CreateCall(status, $"{i}") with { Instance = new() { IdInstance = instance } },
                Decision = CallDecision.Handle(CallLabel.MissedCall, alertOperator: true),
                ReceivedAt = TestHost.Now,
            }).State),
        ];

        public void OnCommitted(IReadOnlyCollection<CallState> changed) => _active.OnCommitted(changed);

        public void OnDue(LaneGroup group) => _active.OnDue(group);

        /// <summary>Commits calls that wait for the name of their caller, and then finds the name.</summary>
        public async Task OnNameFoundAsync(CallState[] calls)
        {
            OnCommitted(calls);
            Started.Should().BeEmpty("all wait for the name");
            await _host.Services.GetRequiredService<InboxCallerNames>().WaitForLookupAsync(calls[0].History, CancellationToken.None);
            _active.OnSignalled(calls);
        }

        /// <summary>Ends the oldest attempts with success, in one batch with other changes; returns the new states of their calls.</summary>
        public CallState[] End(int count, params CallState[] otherChanges)
        {
            List<CallState> ended = [];
            for (; count > 0; count--)
            {
                var (call, handler) = Started.Dequeue();
                var lane = call.Current.GetLanes().Single(lane => lane.HandlerName == handler);
                var state = _transitions.Settle(call.Current, new() { Attempt = lane.Next!, Outcome = AttemptOutcome.Succeeded }).State;
                _active.OnLaneEnded(call, handler, state);
                ended.Add(state);
            }

            OnCommitted([.. ended, .. otherChanges]);
            return [.. ended];
        }

        public CallLoad[] TakeLoads()
        {
            CallLoad[] loads = [.. Loads];
            Loads.Clear();
            return loads;
        }
    }

    private sealed class NoOpNotifier : IOperatorNotifier
    {
        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => ValueTask.CompletedTask;
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
