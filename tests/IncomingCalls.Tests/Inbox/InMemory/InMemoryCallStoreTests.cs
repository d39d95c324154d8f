using IncomingCalls.Inbox;
using IncomingCalls.Inbox.InMemory;
using IncomingCalls.Shared;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>The contract of <see cref="ICallStore"/>, and what the store deletes.</summary>
public class InMemoryCallStoreTests : IAsyncLifetime
{
    private readonly List<string> _reports = [];
    private TestHost _host = null!;
    private InMemoryCallStore _store = null!;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync(_ => { }, options => options.InMemory.MaxCalls = 100);
        _store = new(_host.Services.GetRequiredService<CallTransitions>(), _host.Services.GetRequiredService<LastKnownGoodOptions<IncomingCallsOptions>>(), _host.Clock, NullLogger.Instance)
        {
            Committed = changed => _reports.Add($"committed {string.Join(' ', changed.Select(state => state.History.Key.IdMessage))}".TrimEnd()),
        };
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public void Post_RequestsFromACallback_FollowInOrderAfterTheirBatch()
    {
        _store.Post(Change("A", onCommitted: () =>
        {
            _store.Post(Change("B"));
            _store.Post(new CallLoad([new(1, "A"), new(1, "unknown")], (calls, hasMore) => _reports.Add($"loaded {calls.Count} {hasMore}")));
            _reports.Add("posted");
        })).Should().BeTrue();

        _reports.Should().Equal("A", "posted", "committed A", "B", "committed B", "loaded 1 False", "committed");
    }

    [Fact]
    public void Post_CallbackThrows_TheChangeIsReportedAndTheNextRequestsRun()
    {
        _store.Post(Change("A", onCommitted: () => throw new InvalidOperationException("a metric listener failed")));
        _store.Post(Change("B"));

        _reports.Should().Equal("A", "committed A", "B", "committed B");
    }

    [Fact]
    public void Post_ApplyThrows_IsRolledBackAndReportsNothing()
    {
        _store.Post(new TestChange("A", _ => throw new InvalidOperationException("no"), _ => { }, e => _reports.Add(e.Message)));

        _reports.Should().Equal("no");
        Load("A").Should().BeEmpty();
    }

    [Fact]
    public void Post_Closed_IsRefused()
    {
        _store.Close();

        _store.Post(Change("A")).Should().BeFalse();
        _store.Post(new DueQuery((_, _) => { }, () => { })).Should().BeFalse();
        _store.Post(new CallLoad([], (_, _) => { })).Should().BeFalse();
        _reports.Should().BeEmpty();
    }

    [Fact]
    public void Query_DueLanes_FindsTheirGroups()
    {
        Store("A", "crm", 0);
        Store("B", "crm", 10);
        Store("C", "chat", 10);
        Store("D", "chat", 0, idInstance: 7);

        Query().Should().Equal([new("chat", 7), new("crm", 1)]);
        _host.Clock.Advance(TimeSpan.FromSeconds(10));
        Query().Should().Equal([new("chat", 1), new("chat", 7), new("crm", 1)]);
    }

    [Fact]
    public void Load_OfAGroup_ReturnsItsDueCallsLongestDueFirst()
    {
        Store("A", "crm", 3);
        Store("B", "crm", 1);
        Store("C", "crm", 2);
        Store("D", "crm", 9);
        Store("E", "chat", 0);
        _host.Clock.Advance(TimeSpan.FromSeconds(3));

        Load(new LaneGroup("crm", 1), 10).Should().Be(("B C A", false));
        Load(new LaneGroup("crm", 1), 2).Should().Be(("B C", true));
        Load(new LaneGroup("other", 1), 10).Should().Be(("", false));
    }

    [Fact]
    public void Commit_ChangedCall_ReplacesItsLanes()
    {
        Store("A", "crm", 0);
        Store("A", "crm", 60);
        Query().Should().BeEmpty();

        Store("A", null, 0);
        _host.Clock.Advance(TimeSpan.FromHours(1));

        Query().Should().BeEmpty();
    }

    [Fact]
    public void Commit_MoreCallsThanMaxCalls_EvictsTheOldestFinishedOnesWithTheirTimeouts()
    {
        Store("pending", "crm", 7200);
        for (var call = 0; call < 150; call++)
        {
            _store.Post(new TestChange($"{call}", _ => new() { State = CreateState($"{call}") with { OutcomeDueAt = TestHost.Now.AddMinutes(15) } }, _ => { }, _ => { }));
        }

        Load("pending").Should().ContainSingle();
        Load("0", "50").Should().BeEmpty();
        Load("51", "149").Should().HaveCount(2);
        _host.Clock.Advance(TimeSpan.FromMinutes(15));
        Load(new LaneGroup("", 1), 1_000).Calls.Split(' ').Should().HaveCount(99);
    }

    [Fact]
    public void Commit_OutcomeTimeoutLongerThanTheDeduplicationWindow_IsStoredUntilItIsResolved()
    {
        _host.Services.GetRequiredService<LastKnownGoodOptions<IncomingCallsOptions>>().CurrentValue.InMemory.DeduplicationWindow = TimeSpan.FromHours(1);
        _store.Post(new TestChange("A", _ => new() { State = CreateState("A") with { OutcomeDueAt = TestHost.Now.AddHours(2) } }, _ => { }, _ => { }));

        _host.Clock.Advance(TimeSpan.FromHours(2));

        Query().Should().Equal(new LaneGroup("", 1));
        Load(new LaneGroup("", 1), 10).Should().Be(("A", false));
    }

    private static CallState CreateState(string id, long idInstance = 1) => new() { History = new() { Key = new(idInstance, id), FirstReceivedAt = TestHost.Now }, TouchedAt = TestHost.Now };

    private TestChange Change(string id, Action? onCommitted = null) => new(
        id,
        _ => new() { State = CreateState(id) },
        _ =>
        {
            _reports.Add(id);
            onCommitted?.Invoke();
        },
        _ => { });

    /// <summary>Stores a call with a delivery that is due after a number of seconds; without a delivery when there is no handler.</summary>
    private void Store(string id, string? handler, int dueAfter, long idInstance = 1) => _store.Post(new TestChange(
        id,
        _ => new() { State = handler is null ? CreateState(id, idInstance) : CreateState(id, idInstance) with { PendingEvents = [CreatePending(new(idInstance, id), handler, dueAfter)] } },
        _ => { },
        _ => { },
        idInstance));

    private static PendingEvent CreatePending(CallKey key, string handler, int dueAfter) => new()
    {
        Event = new() { Id = $"{key}/Missed", Call = key, Kind = CallEventKind.Missed, Decision = CallDecision.Handle(), OccurredAt = TestHost.Now, ReceivedAt = TestHost.Now },
        Deliveries = [new() { HandlerName = handler, DueAt = TestHost.Now.AddSeconds(dueAfter) }],
    };

    private IReadOnlyList<LaneGroup> Query()
    {
        IReadOnlyList<LaneGroup> found = [];
        _store.Post(new DueQuery((groups, _) => found = groups, () => { }));
        return found;
    }

    private (string Calls, bool HasMore) Load(LaneGroup group, int limit)
    {
        var loaded = ("", false);
        _store.Post(new CallLoad(group, limit, (calls, hasMore) => loaded = (string.Join(' ', calls.Select(call => call.History.Key.IdMessage)), hasMore)));
        return loaded;
    }

    private IReadOnlyList<CallState> Load(params string[] ids)
    {
        IReadOnlyList<CallState> loaded = [];
        _store.Post(new CallLoad([.. ids.Select(id => new CallKey(1, id))], (calls, _) => loaded = calls));
        return loaded;
    }

    private sealed class TestChange(
        string id, Func<CallState?, StateTransition> apply, Action<StateTransition> onCommitted, Action<Exception> onRolledBack, long idInstance = 1) : CallChange(new(idInstance, id))
    {
        public override StateTransition Apply(CallState? before, ErasureList? erasures) => apply(before);

        public override void OnCommitted(StateTransition transition) => onCommitted(transition);

        public override void OnRolledBack(Exception reason) => onRolledBack(reason);
    }
}
