using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The calls that are loaded because they have a due delivery or a running attempt. Their number is bounded, in total and per
/// instance, so that neither a long backlog nor a busy instance takes all of the memory. Used on the writer's thread only.
/// </summary>
internal sealed class ActiveCalls(InboxServices services, TimeProvider time)
{
    /// <summary>The maximum number of loaded calls. A call with its event takes about 4 KiB, so this is 32 MiB.</summary>
    private const int MaxCalls = 8_192;

    /// <summary>How many calls with a pending operator alert an instance may load beyond its quota: an alert must not wait behind a backlog.</summary>
    private const int MaxRinging = 256;

    private readonly Dictionary<CallKey, ActiveCall> _calls = [];
    private readonly Dictionary<long, InstanceQuota> _quotas = [];
    private readonly HashSet<ActiveCall> _touched = [];
    private bool _isStopping;

    /// <summary>Runs handlers and evaluates policies. Set once, before the writer starts.</summary>
    public AttemptDispatcher Dispatcher { private get; set; } = null!;

    /// <summary>How many calls of one instance are loaded: one for every slot of the instance, and as many to follow.</summary>
    private int QuotaPerInstance => Math.Max(32, 2 * services.Options.MaxConcurrentAttemptsPerInstance);

    public ActiveCall? Find(CallKey key) => _calls.GetValueOrDefault(key);

    /// <summary>Starts no further attempts. Attempts that are already running continue.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Starts what is due for the calls that a transaction changed, or whose attempt or outcome decision ended.</summary>
    public void Dispatch(IEnumerable<LoadedCall> changed)
    {
        foreach (var call in changed)
        {
            Update(call, isFromBacklog: false);
        }

        foreach (var call in _touched)
        {
            StartDue(call);
        }

        _touched.Clear();
    }

    /// <summary>Records that an attempt ended.</summary>
    public void AttemptEnded(ActiveCall call, DeliveryAttempt attempt)
    {
        call.Running.Remove(attempt.Delivery.HandlerName);
        _touched.Add(call);
    }

    /// <summary>Records that the policy's decision about the missing outcome is stored.</summary>
    public void OutcomeResolved(ActiveCall call)
    {
        call.IsResolvingOutcome = false;
        _touched.Add(call);
    }

    /// <summary>Records that an instance has due calls in the file, and loads them if its quota has room.</summary>
    public void LoadDue(long idInstance)
    {
        var quota = QuotaOf(idInstance);
        quota.HasMore = true;
        LoadIfRoom(quota);
    }

    /// <summary>Gets how many due rows to read: the calls that are loaded already are due as well, and come first.</summary>
    public int RowsToLoad(long idInstance) => QuotaOf(idInstance).Count + QuotaPerInstance;

    /// <summary>Adds the calls that were read for an instance.</summary>
    public void Loaded(long idInstance, IReadOnlyCollection<LoadedCall> calls, bool hasMore)
    {
        var quota = QuotaOf(idInstance);
        quota.IsLoading = false;
        quota.HasMore = hasMore;
        foreach (var call in calls)
        {
            Update(call, isFromBacklog: true);
        }

        RemoveIfIdle(quota);
    }

    private void Update(LoadedCall loaded, bool isFromBacklog)
    {
        if (_calls.TryGetValue(loaded.Key, out var call))
        {
            call.Current = loaded.State!;
        }
        else if (loaded.State!.DueAt <= time.GetUtcNow() && !_isStopping)
        {
            var quota = QuotaOf(loaded.Key.IdInstance);
            if (!HasRoom(quota, loaded.State, isFromBacklog))
            {
                quota.HasMore = true;
                return;
            }

            quota.Count++;
            _calls[loaded.Key] = call = new(loaded.Key, loaded.RowId, loaded.State);
        }
        else
        {
            return;
        }

        _touched.Add(call);
    }

    /// <summary>Returns whether a call may be loaded. New calls queue behind the stored backlog, except those with a pending operator alert.</summary>
    private bool HasRoom(InstanceQuota quota, CallState state, bool isFromBacklog) =>
        _calls.Count < MaxCalls
        && ((quota.Count < QuotaPerInstance && (isFromBacklog || !quota.HasMore))
            || (quota.Count < QuotaPerInstance + MaxRinging && state.PendingEvents.Any(pending => pending.Deliveries.Any(delivery => delivery.IsNotifier))));

    private void StartDue(ActiveCall call)
    {
        var now = time.GetUtcNow();
        if (!_isStopping)
        {
            foreach (var attempt in call.Current.DueAttempts(now).Where(attempt => call.Running.Add(attempt.Delivery.HandlerName)))
            {
                Dispatcher.StartAttempt(call, attempt);
            }

            if (!call.IsResolvingOutcome && call.Current.OutcomeDueAt <= now)
            {
                call.IsResolvingOutcome = true;
                Dispatcher.ResolveOutcome(call);
            }
        }

        if (call.IsIdle && _calls.Remove(call.Key))
        {
            var quota = QuotaOf(call.Key.IdInstance);
            quota.Count--;
            LoadIfRoom(quota);
            RemoveIfIdle(quota);
        }
    }

    /// <summary>Loads calls once the quota is half empty rather than one at a time: a query costs about as much as a dozen calls.</summary>
    private void LoadIfRoom(InstanceQuota quota)
    {
        if (quota is { HasMore: true, IsLoading: false } && quota.Count <= QuotaPerInstance / 2 && !_isStopping)
        {
            quota.IsLoading = true;
            Dispatcher.LoadDue(quota.IdInstance);
        }
    }

    private InstanceQuota QuotaOf(long idInstance)
    {
        if (!_quotas.TryGetValue(idInstance, out var quota))
        {
            _quotas[idInstance] = quota = new(idInstance);
        }

        return quota;
    }

    private void RemoveIfIdle(InstanceQuota quota)
    {
        if (quota is { Count: 0, HasMore: false, IsLoading: false })
        {
            _quotas.Remove(quota.IdInstance);
        }
    }
}

/// <summary>A loaded call. All members but <see cref="Current"/> are used on the writer's thread only.</summary>
internal sealed class ActiveCall(CallKey key, long rowId, CallState current)
{
    private volatile CallState _current = current;

    public CallKey Key => key;

    public long RowId => rowId;

    /// <summary>The last committed state of the call.</summary>
    public CallState Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The names of the handlers with a running attempt. A handler handles one event of a call at a time.</summary>
    public HashSet<string> Running { get; } = [];

    /// <summary>Whether the policy is being evaluated for the missing outcome.</summary>
    public bool IsResolvingOutcome { get; set; }

    public bool IsIdle => Running.Count == 0 && !IsResolvingOutcome;
}

/// <summary>How many calls of an instance are loaded. Used on the writer's thread only.</summary>
internal sealed class InstanceQuota(long idInstance)
{
    public long IdInstance => idInstance;

    /// <summary>The number of its loaded calls.</summary>
    public int Count { get; set; }

    /// <summary>Whether more of its calls are known to be due in the file.</summary>
    public bool HasMore { get; set; }

    /// <summary>Whether a query for its due calls is in progress.</summary>
    public bool IsLoading { get; set; }
}
