using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The calls that are being worked on: a bounded part of what the file holds, and a bounded part for each instance, so that
/// neither a long backlog nor a busy instance takes it all. Belongs to the writer's thread.
/// </summary>
internal sealed class ActiveCalls(InboxServices services, TimeProvider time)
{
    /// <summary>A call with its event takes about 4 KiB, so this is 32 MiB.</summary>
    private const int MaxCalls = 8_192;

    /// <summary>How many calls that ring now an instance may have in hand beyond its share: an alert waits for no backlog.</summary>
    private const int MaxRinging = 256;

    private readonly Dictionary<CallKey, ActiveCall> _calls = [];
    private readonly Dictionary<long, InstanceQuota> _quotas = [];
    private readonly HashSet<ActiveCall> _touched = [];
    private bool _isStopping;

    /// <summary>Runs handlers and asks policies; set once, before the writer starts.</summary>
    public CallTaskRunner Work { private get; set; } = null!;

    /// <summary>Enough for every place of the instance, and as many to come next.</summary>
    private int QuotaPerInstance => Math.Max(32, 2 * services.Options.MaxConcurrentAttemptsPerInstance);

    public ActiveCall? Find(CallKey key) => _calls.GetValueOrDefault(key);

    /// <summary>Nothing new is begun from here on.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Goes on with the calls that a transaction changed, or with which something ended.</summary>
    public void Dispatch(IEnumerable<LoadedCall> changed)
    {
        foreach (var call in changed)
        {
            Update(call, isFetched: false);
        }

        foreach (var call in _touched)
        {
            Continue(call);
        }

        _touched.Clear();
    }

    /// <summary>An attempt ended.</summary>
    public void AttemptEnded(ActiveCall call, DeliveryAttempt run)
    {
        call.Running.Remove(run.Delivery.HandlerName);
        _touched.Add(call);
    }

    /// <summary>The question about the missing outcome is answered.</summary>
    public void OutcomeResolved(ActiveCall call)
    {
        call.IsResolvingOutcome = false;
        _touched.Add(call);
    }

    /// <summary>An instance has something to do in the file.</summary>
    public void LoadDue(long idInstance)
    {
        var share = QuotaOf(idInstance);
        share.HasMore = true;
        LoadIfRoom(share);
    }

    /// <summary>How many rows to look at for a fetch: those in hand are due as well, and come first.</summary>
    public int RowsToLoad(long idInstance) => QuotaOf(idInstance).Count + QuotaPerInstance;

    public void Loaded(long idInstance, IReadOnlyCollection<LoadedCall> calls, bool hasMore)
    {
        var share = QuotaOf(idInstance);
        share.IsLoading = false;
        share.HasMore = hasMore;
        foreach (var call in calls)
        {
            Update(call, isFetched: true);
        }

        RemoveIfIdle(share);
    }

    private void Update(LoadedCall loaded, bool isFetched)
    {
        if (_calls.TryGetValue(loaded.Key, out var call))
        {
            call.Current = loaded.State!;
        }
        else if (loaded.State!.DueAt <= time.GetUtcNow() && !_isStopping)
        {
            var share = QuotaOf(loaded.Key.IdInstance);
            if (!HasRoom(share, loaded.State, isFetched))
            {
                share.HasMore = true;
                return;
            }

            share.Count++;
            _calls[loaded.Key] = call = new(loaded.Key, loaded.RowId, loaded.State);
        }
        else
        {
            return;
        }

        _touched.Add(call);
    }

    /// <summary>A new call waits behind those in the file, unless somebody is to be alerted.</summary>
    private bool HasRoom(InstanceQuota share, CallState state, bool isFetched) =>
        _calls.Count < MaxCalls
        && ((share.Count < QuotaPerInstance && (isFetched || !share.HasMore))
            || (share.Count < QuotaPerInstance + MaxRinging && state.PendingEvents.Any(owed => owed.Deliveries.Any(handler => handler.IsNotifier))));

    private void Continue(ActiveCall call)
    {
        var now = time.GetUtcNow();
        if (!_isStopping)
        {
            foreach (var run in call.Current.DueAttempts(now).Where(run => call.Running.Add(run.Delivery.HandlerName)))
            {
                Work.StartAttempt(call, run);
            }

            if (!call.IsResolvingOutcome && call.Current.OutcomeDueAt <= now)
            {
                call.IsResolvingOutcome = true;
                Work.ResolveOutcome(call);
            }
        }

        if (call.IsIdle && _calls.Remove(call.Key))
        {
            var share = QuotaOf(call.Key.IdInstance);
            share.Count--;
            LoadIfRoom(share);
            RemoveIfIdle(share);
        }
    }

    /// <summary>Half empty rather than one by one: a fetch costs about as much as a dozen calls.</summary>
    private void LoadIfRoom(InstanceQuota share)
    {
        if (share is { HasMore: true, IsLoading: false } && share.Count <= QuotaPerInstance / 2 && !_isStopping)
        {
            share.IsLoading = true;
            Work.LoadDue(share.IdInstance);
        }
    }

    private InstanceQuota QuotaOf(long idInstance)
    {
        if (!_quotas.TryGetValue(idInstance, out var share))
        {
            _quotas[idInstance] = share = new(idInstance);
        }

        return share;
    }

    private void RemoveIfIdle(InstanceQuota share)
    {
        if (share is { Count: 0, HasMore: false, IsLoading: false })
        {
            _quotas.Remove(share.IdInstance);
        }
    }
}

/// <summary>A call that is being worked on. All but <see cref="Current"/> belongs to the writer's thread.</summary>
internal sealed class ActiveCall(CallKey key, long rowId, CallState current)
{
    private volatile CallState _current = current;

    public CallKey Key => key;

    public long RowId => rowId;

    /// <summary>The call as it is in the file.</summary>
    public CallState Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The handlers that are at work: each has one event of a call at a time.</summary>
    public HashSet<string> Running { get; } = [];

    /// <summary>Whether the policy is being asked about the missing outcome.</summary>
    public bool IsResolvingOutcome { get; set; }

    public bool IsIdle => Running.Count == 0 && !IsResolvingOutcome;
}

/// <summary>What an instance has in hand. Belongs to the writer's thread.</summary>
internal sealed class InstanceQuota(long idInstance)
{
    public long IdInstance => idInstance;

    /// <summary>How many of its calls are in hand.</summary>
    public int Count { get; set; }

    /// <summary>Whether more of its calls wait in the file, as far as we know.</summary>
    public bool HasMore { get; set; }

    /// <summary>Whether they are being fetched.</summary>
    public bool IsLoading { get; set; }
}
