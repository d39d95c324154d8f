using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The calls in memory. A request is a batch of its own, which is applied under a lock by the thread that posts it. Requests that are posted from
/// a callback follow in order.
/// </summary>
internal sealed class InMemoryCallStore : ICallStore
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _nested = new();
    private readonly ExpiringCache<CallKey, CallState> _calls;
    private readonly LaneIndex _lanes = new();
    private readonly InMemoryPersons _persons;
    private readonly CallTransitions _transitions;
    private readonly LastKnownGoodOptions<IncomingCallsOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _isClosed;

    public InMemoryCallStore(CallTransitions transitions, LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time, ILogger logger)
    {
        _transitions = transitions;
        _persons = new(() => options.CurrentValue.InMemory.MaxCalls, time);
        // An outcome timeout does not protect a call, because every ringing call has one.
        _calls = new(time, () => options.CurrentValue.InMemory.MaxCalls, static call => call.PendingEvents.Count == 0, _lanes.Remove);
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Called after each batch with the states that it has changed. Set once, before the first request.</summary>
    public Action<IReadOnlyCollection<CallState>> Committed { private get; set; } = null!;

    public bool Post(CallChange change) => Apply(() => Commit(change));

    public bool Post(DueQuery query) => Apply(() =>
    {
        query.OnFound(_lanes.FindDueGroups(_time.GetUtcNow()), pauses: null);
        Committed([]);
    });

    public bool Post(CallLoad load) => Apply(() =>
    {
        var keys = load.Group is { } group ? _lanes.FindDueCalls(group, _time.GetUtcNow(), load.Limit) : load.Keys;
        List<CallState> states = [];
        foreach (var key in keys)
        {
            if (_calls.TryGet(key, out var state))
            {
                states.Add(state);
            }
        }

        load.OnLoaded(states, hasMore: load.Group is not null && keys.Count == load.Limit);
        Committed([]);
    });

    /// <summary>Returns whether a delivery is due, running, or waiting for the caller's name.</summary>
    /// <param name="isHeldBack">Returns whether the due deliveries of a group wait for their destination or for a permit.</param>
    public bool HasActiveDelivery(Func<LaneGroup, bool> isHeldBack)
    {
        lock (_gate)
        {
            return _lanes.HasActiveDelivery(_time.GetUtcNow(), isHeldBack);
        }
    }

    /// <summary>Reads the persons.</summary>
    public T ReadPersons<T>(Func<InMemoryPersons, T> read)
    {
        lock (_gate)
        {
            return read(_persons);
        }
    }

    /// <summary>Closes the callback of a person; returns whether one was open.</summary>
    /// <exception cref="CallInboxUnavailableException">The store is closed.</exception>
    public bool TryClose(CallbackCloseRequest request)
    {
        var isClosed = false;
        var isApplied = Apply(() =>
        {
            var transition = _transitions.CloseCallback(_persons.Find(request.Person), request);
            isClosed = transition.Closed is not null;
            Report(Store([transition]), changed: null);
        });
        return isApplied ? isClosed : throw new CallInboxUnavailableException("The inbox is closed because the host is stopping.");
    }

    /// <summary>Accepts no further requests.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    private bool Apply(Action request)
    {
        if (_gate.IsHeldByCurrentThread)
        {
            _nested.Enqueue(request);
            return true;
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            for (var next = request; next is not null; next = _nested.TryDequeue(out var nested) ? nested : null)
            {
                Run(next);
            }

            return true;
        }
    }

    /// <summary>Runs a request. A logger or a metric listener of the host may fail, which does not affect the other requests.</summary>
    private void Run(Action request)
    {
        try
        {
            request();
        }
        catch (Exception e)
        {
            _logger.BackgroundTaskFailed(e);
        }
    }

    private void Commit(CallChange change)
    {
        var before = _calls.TryGet(change.Key, out var stored) ? stored : null;
        StateTransition transition;
        PersonTransition[] persons;
        try
        {
            transition = change.Apply(before, erasures: null);
            // Most changes concern no person.
            persons = transition.Contacts.Count == 0 ? [] : ApplyContacts(transition.Contacts);
        }
        catch (Exception e)
        {
            change.OnRolledBack(e);
            return;
        }

        if (transition.IsChange)
        {
            Store(before, transition.State);
        }

        var closings = Store(persons);
        try
        {
            change.OnCommitted(transition);
        }
        finally
        {
            // Without the new state, the engine would run the handler again whose result it is.
            Report(closings, transition.IsChange ? transition.State : null);
        }
    }

    private PersonTransition[] ApplyContacts(IReadOnlyList<PersonContact> contacts) =>
        [.. contacts.Select(contact => _transitions.ApplyContact(_persons.Find(contact.Person), contact))];

    private void Store(CallState? before, CallState after)
    {
        _lanes.Replace(before, after);
        _calls.Set(after.History.Key, after, GetLifetime(after));
    }

    /// <summary>Reports what a batch has changed.</summary>
    private void Report(List<StateTransition> closings, CallState? changed)
    {
        if (closings.Count == 0)
        {
            Committed(changed is null ? [] : [changed]);
            return;
        }

        var states = closings.Select(static closing => closing.State);
        Committed(changed is null ? [.. states] : [changed, .. states]);
        closings.ForEach(_transitions.ReportCommitted);
    }

    /// <summary>Stores persons and the events of the callbacks that are closed; returns the transitions of these events.</summary>
    private List<StateTransition> Store(PersonTransition[] persons)
    {
        List<StateTransition> closings = [];
        foreach (var person in persons)
        {
            if (person is { IsChange: true, State: { } state })
            {
                _persons.Set(state);
            }

            if (person.Closed is { } closed)
            {
                var before = _calls.TryGet(CallTransitions.GetCallbackKey(closed), out var stored) ? stored : null;
                if (_transitions.CreateCallbackEvent(before, closed) is { } transition)
                {
                    Store(before, transition.State);
                    closings.Add(transition);
                }
            }
        }

        return closings;
    }

    /// <summary>Gets the deduplication window, which starts after the outcome timeout of a ringing call: the call must be stored until then.</summary>
    private TimeSpan GetLifetime(CallState state)
    {
        var untilOutcome = state.OutcomeDueAt - _time.GetUtcNow();
        return _options.CurrentValue.InMemory.DeduplicationWindow + (untilOutcome > TimeSpan.Zero ? untilOutcome.Value : TimeSpan.Zero);
    }
}

/// <summary>The lanes of the calls in memory, by group and due time. Not thread-safe.</summary>
internal sealed class LaneIndex
{
    private readonly SortedSet<Entry> _entries = new(Entry.Order);

    /// <summary>Replaces the lanes of a call.</summary>
    public void Replace(CallState? before, CallState after)
    {
        if (before is not null)
        {
            Remove(before);
        }

        foreach (var lane in after.GetLanes())
        {
            _entries.Add(Entry.Create(after, lane));
        }
    }

    /// <summary>Removes the lanes of a call.</summary>
    public void Remove(CallState state)
    {
        foreach (var lane in state.GetLanes())
        {
            _entries.Remove(Entry.Create(state, lane));
        }
    }

    /// <summary>Finds the groups with a due lane, with one search per group.</summary>
    public IReadOnlyList<LaneGroup> FindDueGroups(DateTimeOffset now)
    {
        List<LaneGroup> groups = [];
        for (var next = _entries.Min; next is not null; next = Next(new(next.Group, DateTimeOffset.MaxValue, Entry.LastCall)))
        {
            if (next.DueAt <= now)
            {
                groups.Add(next.Group);
            }
        }

        return groups;
    }

    /// <summary>Finds the calls with a due lane in a group, those that have been due for the longest time first.</summary>
    public IReadOnlyList<CallKey> FindDueCalls(LaneGroup group, DateTimeOffset now, int limit) =>
    [
        .. _entries.GetViewBetween(new(group, DateTimeOffset.MinValue, default), new(group, now, Entry.LastCall)).Take(limit).Select(static entry => entry.Call),
    ];

    /// <summary>Returns whether a lane with a delivery is due, or waits for the caller's name. A lane whose attempt is running is still due. Reads all lanes.</summary>
    public bool HasActiveDelivery(DateTimeOffset now, Func<LaneGroup, bool> isHeldBack) =>
        _entries.Any(entry => entry.Group.HandlerName != Lane.OutcomeTimeoutName && ((entry.DueAt <= now && !isHeldBack(entry.Group)) || entry.WaitsForCallerName));

    private Entry? Next(Entry after) => _entries.Max is { } max && Entry.Order.Compare(after, max) < 0 ? _entries.GetViewBetween(after, max).Min : null;

    private sealed record Entry(LaneGroup Group, DateTimeOffset DueAt, CallKey Call)
    {
        /// <summary>A key that is not less than that of any call: U+FFFF is no character, and the comparison is ordinal.</summary>
        public static CallKey LastCall { get; } = new(long.MaxValue, "\uFFFF\uFFFF\uFFFF\uFFFF");

        public bool WaitsForCallerName { get; private init; }

        public static Comparer<Entry> Order { get; } = Comparer<Entry>.Create(static (first, second) =>
            string.CompareOrdinal(first.Group.HandlerName, second.Group.HandlerName) is not 0 and var byHandler ? byHandler
            : string.CompareOrdinal(first.Group.Destination, second.Group.Destination) is not 0 and var byDestination ? byDestination
            : first.Group.IdInstance.CompareTo(second.Group.IdInstance) is not 0 and var byGroup ? byGroup
            : first.DueAt.CompareTo(second.DueAt) is not 0 and var byTime ? byTime
            : first.Call.IdInstance.CompareTo(second.Call.IdInstance) is not 0 and var byInstance ? byInstance
            : string.CompareOrdinal(first.Call.IdMessage, second.Call.IdMessage));

        public static Entry Create(CallState state, Lane lane) => new(lane.Group, lane.DueAt, state.History.Key)
        {
            WaitsForCallerName = lane.WaitsFor == DeliveryWait.CallerName,
        };
    }
}
