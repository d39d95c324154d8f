using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>A store that applies its requests in batches when the test says so, and rolls a batch back when the test says so.</summary>
internal sealed class BatchingCallStore(TimeProvider time) : ICallStore
{
    private readonly Lock _gate = new();
    private readonly Queue<object> _requests = new();
    private readonly Dictionary<CallKey, CallState> _calls = [];

    /// <summary>Receives the states that each batch has changed.</summary>
    public Action<IReadOnlyCollection<CallState>> Committed { private get; set; } = null!;

    /// <summary>The events that were committed, in order.</summary>
    public List<PendingEvent> Events { get; } = [];

    public bool HasRequests
    {
        get
        {
            lock (_gate)
            {
                return _requests.Count > 0;
            }
        }
    }

    public bool IsFinished => _calls.Values.All(static call => call.IsFinished);

    public bool Post(CallChange change) => Enqueue(change);

    public bool Post(DueQuery query) => Enqueue(query);

    public bool Post(CallLoad load) => Enqueue(load);

    /// <summary>Applies up to a number of requests in one batch. Not thread-safe.</summary>
    public void RunBatch(int size, bool rollsBack)
    {
        List<Action> callbacks = [];
        Dictionary<CallKey, CallState> changed = [];
        foreach (var request in Take(size))
        {
            callbacks.Add(rollsBack ? Fail(request) : Apply(request, changed));
        }

        foreach (var (key, state) in changed)
        {
            _calls[key] = state;
        }

        callbacks.ForEach(static callback => callback());
        Committed(changed.Values);
    }

    private static Action Fail(object request) => request switch
    {
        CallChange change => () => change.OnRolledBack(new IOException("The batch was rolled back.")),
        CallLoad load => load.OnFailed,
        _ => ((DueQuery)request).OnFailed,
    };

    private Action Apply(object request, Dictionary<CallKey, CallState> changed)
    {
        var calls = _calls.Keys.Union(changed.Keys).ToDictionary(key => key, key => changed.GetValueOrDefault(key) ?? _calls[key]);
        switch (request)
        {
            case CallChange change:
                var transition = change.Apply(calls.GetValueOrDefault(change.Key), erasures: null);
                if (transition.IsChange)
                {
                    changed[change.Key] = transition.State;
                }

                if (transition.NewEvent is { } added)
                {
                    Events.Add(added);
                }

                return () => change.OnCommitted(transition);
            case CallLoad { Group: { } group } load:
                var due = FindDue(calls.Values).Where(lane => lane.Group == group).OrderBy(lane => lane.DueAt).Take(load.Limit).Select(lane => lane.Call).ToArray();
                return () => load.OnLoaded(due, due.Length == load.Limit);
            case CallLoad load:
                var found = load.Keys.Where(calls.ContainsKey).Select(key => calls[key]).ToArray();
                return () => load.OnLoaded(found, hasMore: false);
            default:
                var groups = FindDue(calls.Values).Select(static lane => lane.Group).Distinct().ToArray();
                return () => ((DueQuery)request).OnFound(groups, pauses: null);
        }
    }

    private IEnumerable<(CallState Call, LaneGroup Group, DateTimeOffset DueAt)> FindDue(IEnumerable<CallState> calls) =>
        from call in calls
        from lane in call.GetLanes()
        where lane.DueAt <= time.GetUtcNow()
        select (call, lane.Group, lane.DueAt);

    private bool Enqueue(object request)
    {
        lock (_gate)
        {
            _requests.Enqueue(request);
            return true;
        }
    }

    private List<object> Take(int size)
    {
        lock (_gate)
        {
            List<object> taken = [];
            while (taken.Count < size && _requests.TryDequeue(out var request))
            {
                taken.Add(request);
            }

            return taken;
        }
    }
}
