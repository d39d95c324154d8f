namespace IncomingCalls.Inbox.Dispatch;

/// <summary>
/// The calls in memory that have a lane in progress. Their number is bounded, per group of lanes and per handler, so that neither a long
/// backlog nor a busy instance nor a slow handler takes all of the memory, or the share of the others. What is not due is not active. Used only
/// in the callbacks of the store, which do not run concurrently.
/// </summary>
/// <param name="transitions">Decides what is due.</param>
/// <param name="nameWaits">The calls that wait for a caller's name.</param>
/// <param name="gates">Holds back deliveries whose destination is paused, or which have no permit.</param>
/// <param name="time">The clock.</param>
internal sealed class ActiveCalls(CallTransitions transitions, CallerNameWaits nameWaits, DestinationGates gates, TimeProvider time)
{
    /// <summary>The maximum number of active lanes per handler. A call with its event takes about 4 KiB, so this is 16 MiB.</summary>
    private const int MaxPerHandler = 4_096;

    /// <summary>The maximum number of active alerts per instance and notifier. Alerts run at once, so the limit only protects the memory.</summary>
    private const int MaxAlerts = 1_024;

    private readonly Dictionary<CallKey, ActiveCall> _calls = [];
    private readonly Dictionary<LaneGroup, ActiveGroup> _groups = [];
    private readonly Dictionary<string, int> _perHandler = [];
    private readonly HashSet<(ActiveCall Call, LaneGroup Group)> _ended = [];
    private volatile bool _isStopping;

    /// <summary>Starts the next attempt of a lane, which may be the probe of an unavailable destination, or resolves the missing outcome. Set once, before the first use.</summary>
    public Action<ActiveCall, Lane, bool> Start { private get; set; } = null!;

    /// <summary>Settles a delivery that has waited for its destination for too long. Set once, before the first use.</summary>
    public Action<ActiveCall, DeliveryAttempt> Expire { private get; set; } = null!;

    /// <summary>Posts a load. Set once, before the first use.</summary>
    public Action<CallLoad> Load { private get; set; } = null!;

    /// <summary>The number of active lanes of a group: one for every slot, and as many to follow.</summary>
    private int MaxPerGroup => Math.Max(32, 2 * transitions.MaxConcurrentAttempts);

    /// <summary>
    /// Gets the number of active lanes of a group. Where a pause or a rate limit can hold back a delivery, there are as many as slots: one that waited for a slot would start later than its
    /// permit, or although its destination is paused meanwhile.
    /// </summary>
    private int GetLimit(LaneGroup group) => transitions.IsNotifier(group.HandlerName) ? MaxAlerts
        : group.Destination is not null || transitions.GetRateLimit(group.HandlerName) is not null ? transitions.MaxConcurrentAttempts
        : MaxPerGroup;

    /// <summary>Starts no further lanes. Lanes in progress continue. Thread-safe.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Starts what is due of the calls that a batch has changed, and of those whose lane has ended.</summary>
    public void OnCommitted(IReadOnlyCollection<CallState> changed)
    {
        foreach (var state in changed)
        {
            Update(state, isFromBacklog: false);
        }

        foreach (var (call, group) in _ended)
        {
            // A call that a load of the same batch found idle is no longer active, or is active again with a later state.
            if (_calls.GetValueOrDefault(call.Key) == call)
            {
                Update(call.Current, isFromBacklog: false);
            }

            if (_groups.TryGetValue(group, out var ended))
            {
                LoadIfRoom(ended);
                RemoveIfIdle(ended);
            }
        }

        _ended.Clear();
    }

    /// <summary>
    /// Records that the attempt of a lane has ended, or that the missing outcome was resolved. What follows starts at the end of the batch, whose
    /// other requests may concern the same call.
    /// </summary>
    public void OnLaneEnded(ActiveCall call, string handlerName, CallState state)
    {
        call.Current = state;
        call.Lanes.Remove(handlerName, out var id);
        gates.OnLaneEnded(call.Key, id);
        Count(GetGroup(id), -1);
        _ended.Add((call, id));
    }

    /// <summary>Records that a group has due calls in the store, and loads them if there is room.</summary>
    public void OnDue(LaneGroup id)
    {
        var group = GetGroup(id);
        group.HasMore = true;
        LoadIfRoom(group);
    }

    /// <summary>Starts what is due of calls that were loaded because a signal has ended their wait.</summary>
    public void OnSignalled(IReadOnlyList<CallState> calls)
    {
        foreach (var call in calls)
        {
            Update(call, isFromBacklog: true);
        }
    }

    private void Update(CallState state, bool isFromBacklog)
    {
        var key = state.History.Key;
        if (_calls.TryGetValue(key, out var call))
        {
            call.Current = state;
        }

        var now = time.GetUtcNow();
        foreach (var lane in state.GetLanes())
        {
            if (_isStopping || call?.Lanes.ContainsKey(lane.HandlerName) == true || !IsDue(state, lane, now))
            {
                continue;
            }

            var group = GetGroup(lane.Group);
            var admission = HasRoom(group, lane, isFromBacklog) ? gates.Admit(key, lane, now) : Admission.Wait;
            if (admission == Admission.Wait)
            {
                // A load of the group would not find a lane that is due before its stored time.
                group.Postpone(key, isEarly: lane.DueAt > now);
                continue;
            }

            if (call is null)
            {
                _calls[key] = call = new(state);
            }

            call.Lanes.Add(lane.HandlerName, lane.Group);
            Count(group, 1);
            if (admission == Admission.Expire)
            {
                Expire(call, lane.Next!);
            }
            else
            {
                Start(call, lane, admission == Admission.StartProbe);
            }
        }

        if (call is { Lanes.Count: 0 })
        {
            _calls.Remove(key);
        }
    }

    private void OnLoaded(ActiveGroup group, IReadOnlyList<CallState> calls, bool hasMore)
    {
        group.IsLoading = false;
        group.HasMore = hasMore;
        var early = group.EarlyCount;
        OnSignalled(calls);
        if (group.EarlyCount == early && early > 0)
        {
            // All that were loaded had room, or have ended by now: if none of them is active, no end of a lane would load the rest.
            LoadIfRoom(group);
        }

        RemoveIfIdle(group);
    }

    /// <summary>Returns whether a lane is due by its time, or because of a signal. Adds a lane that waits for a name to the index.</summary>
    private bool IsDue(CallState state, Lane lane, DateTimeOffset now) =>
        lane.DueAt <= now
        || transitions.IsSignalled(state, lane)
        // The lookup may have ended before the call was added to the index, so the signal is checked again.
        || (lane.WaitsFor == DeliveryWait.CallerName && nameWaits.TryAdd(state.History) && transitions.IsSignalled(state, lane));

    /// <summary>Returns whether a lane may become active. New calls queue behind the stored backlog, except for operator alerts.</summary>
    private bool HasRoom(ActiveGroup group, Lane lane, bool isFromBacklog) =>
        _perHandler.GetValueOrDefault(lane.HandlerName) < MaxPerHandler
        && group.Count < GetLimit(group.Id)
        && (lane.IsNotifier || isFromBacklog || !group.HasMore);

    /// <summary>
    /// Loads calls once the group is half empty rather than one at a time: a query costs about as much as a dozen calls. Loads none while the handler is
    /// at its limit, because they could not start; the next query for due work finds the group again.
    /// </summary>
    private void LoadIfRoom(ActiveGroup group)
    {
        if (_isStopping || group.IsLoading || group.Count > GetLimit(group.Id) / 2 || _perHandler.GetValueOrDefault(group.Id.HandlerName) >= MaxPerHandler
            || !gates.MayLoad(group.Id, time.GetUtcNow()))
        {
            return;
        }

        var limit = gates.GetLimit(group.Id, MaxPerGroup);
        if (group.TakeEarly(limit) is { Count: > 0 } keys)
        {
            group.IsLoading = true;
            Load(new(keys, (calls, _) => OnLoaded(group, calls, group.HasMore)));
        }
        else if (group.HasMore)
        {
            group.IsLoading = true;
            // The active calls of the group are due as well, and come first.
            Load(new(group.Id, group.Count + limit, (calls, hasMore) => OnLoaded(group, calls, hasMore)));
        }
    }

    private void Count(ActiveGroup group, int difference)
    {
        group.Count += difference;
        var count = _perHandler.GetValueOrDefault(group.Id.HandlerName) + difference;
        if (count == 0)
        {
            _perHandler.Remove(group.Id.HandlerName);
        }
        else
        {
            _perHandler[group.Id.HandlerName] = count;
        }
    }

    private ActiveGroup GetGroup(LaneGroup id)
    {
        if (!_groups.TryGetValue(id, out var group))
        {
            _groups[id] = group = new(id);
        }

        return group;
    }

    private void RemoveIfIdle(ActiveGroup group)
    {
        if (group.IsIdle)
        {
            _groups.Remove(group.Id);
        }
    }
}

/// <summary>A call with a lane in progress. All members but <see cref="Current"/> are used only in the callbacks of the store.</summary>
internal sealed class ActiveCall(CallState current)
{
    private volatile CallState _current = current;

    public CallKey Key { get; } = current.History.Key;

    /// <summary>The last committed state of the call.</summary>
    public CallState Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The names of the handlers whose lane is in progress, with the group in which it started; the empty name for the missing outcome.</summary>
    public Dictionary<string, LaneGroup> Lanes { get; } = [];
}

/// <summary>The active lanes of one <see cref="LaneGroup"/>. Used only in the callbacks of the store.</summary>
internal sealed class ActiveGroup(LaneGroup id)
{
    /// <summary>Beyond it, lanes that are due because of a signal start at their stored time.</summary>
    private const int MaxEarly = 1_024;

    private Queue<CallKey>? _early;

    /// <summary>The calls in the queue: each change of a call that waits for room postpones it again.</summary>
    private HashSet<CallKey>? _earlyKeys;

    public LaneGroup Id => id;

    /// <summary>The number of active lanes.</summary>
    public int Count { get; set; }

    /// <summary>Whether more lanes are known to be due in the store.</summary>
    public bool HasMore { get; set; }

    /// <summary>Whether a load is in progress.</summary>
    public bool IsLoading { get; set; }

    /// <summary>The number of lanes that are due because of a signal, and wait for room.</summary>
    public int EarlyCount => _early?.Count ?? 0;

    public bool IsIdle => Count == 0 && !HasMore && !IsLoading && EarlyCount == 0;

    /// <summary>Records a due lane for which there is no room.</summary>
    /// <param name="key">The call.</param>
    /// <param name="isEarly">Whether a signal has made the lane due before its stored time, so that a load of the group would not find it.</param>
    public void Postpone(CallKey key, bool isEarly)
    {
        if (!isEarly)
        {
            HasMore = true;
        }
        else if ((_early ??= new()).Count < MaxEarly && (_earlyKeys ??= []).Add(key))
        {
            _early.Enqueue(key);
        }
    }

    /// <summary>Takes calls that were postponed although they are due because of a signal.</summary>
    public IReadOnlyList<CallKey> TakeEarly(int limit)
    {
        List<CallKey> keys = [];
        while (keys.Count < limit && _early is not null && _early.TryDequeue(out var key))
        {
            _earlyKeys!.Remove(key);
            keys.Add(key);
        }

        return keys;
    }
}
