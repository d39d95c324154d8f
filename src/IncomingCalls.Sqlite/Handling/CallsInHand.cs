using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>
/// The calls that are being worked on: a bounded part of what the file holds, and a bounded part for each instance, so that
/// neither a long backlog nor a busy instance takes it all. Belongs to the writer's thread.
/// </summary>
internal sealed class CallsInHand(InboxServices services, TimeProvider time)
{
    /// <summary>A call with its event takes about 4 KiB, so this is 32 MiB.</summary>
    private const int MaxCalls = 8_192;

    /// <summary>How many calls that ring now an instance may have in hand beyond its share: an alert waits for no backlog.</summary>
    private const int MaxRinging = 256;

    private readonly Dictionary<CallKey, CallInHand> _calls = [];
    private readonly Dictionary<long, InstanceShare> _shares = [];
    private readonly HashSet<CallInHand> _touched = [];
    private bool _isStopping;

    /// <summary>Runs handlers and asks policies; set once, before the writer starts.</summary>
    public CallWork Work { private get; set; } = null!;

    /// <summary>Enough for every place of the instance, and as many to come next.</summary>
    private int Share => Math.Max(32, 2 * services.Options.ConcurrencyPerInstance);

    public CallInHand? Find(CallKey key) => _calls.GetValueOrDefault(key);

    /// <summary>Nothing new is begun from here on.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Goes on with the calls that a transaction changed, or with which something ended.</summary>
    public void Follow(IEnumerable<LoadedCall> changed)
    {
        foreach (var call in changed)
        {
            Update(call, isFetched: false);
        }

        foreach (var call in _touched)
        {
            GoOn(call);
        }

        _touched.Clear();
    }

    /// <summary>An attempt ended.</summary>
    public void RunEnded(CallInHand call, HandlerRun run)
    {
        call.Running.Remove(run.Handler.Name);
        _touched.Add(call);
    }

    /// <summary>The question about the missing outcome is answered.</summary>
    public void Decided(CallInHand call)
    {
        call.IsDeciding = false;
        _touched.Add(call);
    }

    /// <summary>An instance has something to do in the file.</summary>
    public void Wake(long idInstance)
    {
        var share = ShareOf(idInstance);
        share.HasMore = true;
        FetchIfRoom(share);
    }

    /// <summary>How many rows to look at for a fetch: those in hand are due as well, and come first.</summary>
    public int RowsToFetch(long idInstance) => ShareOf(idInstance).Count + Share;

    public void Fetched(long idInstance, IReadOnlyCollection<LoadedCall> calls, bool hasMore)
    {
        var share = ShareOf(idInstance);
        share.IsFetching = false;
        share.HasMore = hasMore;
        foreach (var call in calls)
        {
            Update(call, isFetched: true);
        }

        Forget(share);
    }

    private void Update(LoadedCall loaded, bool isFetched)
    {
        if (_calls.TryGetValue(loaded.Key, out var call))
        {
            call.Current = loaded.State!;
        }
        else if (loaded.State!.DueAt <= time.GetUtcNow() && !_isStopping)
        {
            var share = ShareOf(loaded.Key.IdInstance);
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
    private bool HasRoom(InstanceShare share, KeptCall state, bool isFetched) =>
        _calls.Count < MaxCalls
        && ((share.Count < Share && (isFetched || !share.HasMore))
            || (share.Count < Share + MaxRinging && state.Owed.Any(owed => owed.Handlers.Any(handler => handler.IsNotifier))));

    private void GoOn(CallInHand call)
    {
        var now = time.GetUtcNow();
        if (!_isStopping)
        {
            foreach (var run in call.Current.DueRuns(now).Where(run => call.Running.Add(run.Handler.Name)))
            {
                Work.Run(call, run);
            }

            if (!call.IsDeciding && call.Current.OutcomeDueAt <= now)
            {
                call.IsDeciding = true;
                Work.Decide(call);
            }
        }

        if (call.IsIdle && _calls.Remove(call.Key))
        {
            var share = ShareOf(call.Key.IdInstance);
            share.Count--;
            FetchIfRoom(share);
            Forget(share);
        }
    }

    /// <summary>Half empty rather than one by one: a fetch costs about as much as a dozen calls.</summary>
    private void FetchIfRoom(InstanceShare share)
    {
        if (share is { HasMore: true, IsFetching: false } && share.Count <= Share / 2 && !_isStopping)
        {
            share.IsFetching = true;
            Work.Fetch(share.IdInstance);
        }
    }

    private InstanceShare ShareOf(long idInstance)
    {
        if (!_shares.TryGetValue(idInstance, out var share))
        {
            _shares[idInstance] = share = new(idInstance);
        }

        return share;
    }

    private void Forget(InstanceShare share)
    {
        if (share is { Count: 0, HasMore: false, IsFetching: false })
        {
            _shares.Remove(share.IdInstance);
        }
    }
}
