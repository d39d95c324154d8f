using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls;

/// <summary>
/// A bucket. Entering is a write, shared by all who enter meanwhile; everything else is in memory and goes along. So a bucket may know calls
/// that are long finished, never the other way round: it wakes what is overdue, and who has nothing to do says so.
/// </summary>
[Reentrant]
[SharePlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.due")]
internal sealed class DueCallsGrain : IGrainBase, IDueCallsGrain
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>A call that is at work sees to itself; the bucket comes in when it has not.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Between two tries to wake the same call, and while one of its handlers may be at work.</summary>
    private static readonly TimeSpan WakeAgain = TimeSpan.FromSeconds(30);

    /// <summary>A provider that lets entries expire would take a bucket that nobody enters, with calls that wait for a day.</summary>
    private static readonly TimeSpan RewriteInterval = TimeSpan.FromHours(6);

    /// <summary>So that what a crash left does not come all at once: 256 buckets wake as many each.</summary>
    private const int MaxWaking = 16;

    private readonly int _bucket;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly OrleansInboxMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SharedWrites<DueCalls> _writes;
    private readonly Forgetting _forgetting;
    private readonly Dictionary<string, DateTimeOffset> _notBefore = [];
    private int _waking;
    private long _enteredAt;

    public DueCallsGrain(
        IGrainContext grainContext,
        InboxStates states,
        IGrainFactory grains,
        IOptions<OrleansInboxOptions> options,
        OrleansInboxMetrics metrics,
        TimeProvider time,
        ILogger<OrleansInbox> logger)
    {
        GrainContext = grainContext;
        _bucket = (int)grainContext.GrainId.GetIntegerKey();
        _grains = grains;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _writes = states.Open(grainContext, "due", DocumentContext.Default.DueCalls);
        _forgetting = new(_bucket, _writes, states.Storage, grains, options.Value, time);
        _enteredAt = time.GetTimestamp();
    }

    public IGrainContext GrainContext { get; }

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _writes.LoadAsync();
        this.RegisterGrainTimer(LookAsync, new(LookInterval, LookInterval) { Interleave = true });
    }

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _metrics.Bucket(_bucket, null);
        try
        {
            await _forgetting.CloseAsync();
        }
        catch (Exception e)
        {
            _logger.GrainUnreachable(nameof(DueCallsGrain), e);
        }

        await _writes.WhenIdleAsync();
    }

    public Task UpkeepAsync() => _writes.ReadAgainAsync();

    public async Task<int> KeepAsync(ImmutableArray<DueReport> entries)
    {
        var fresh = entries.RemoveAll(entry => Note(entry.Call, entry.Due!, Grace));
        if (!fresh.IsEmpty)
        {
            _enteredAt = _time.GetTimestamp();
            await _writes.ApplyAsync(state => state with { Calls = state.Calls.SetItems(fresh.Select(static entry => KeyValuePair.Create(entry.Call, entry.Due!))) });
            foreach (var entry in fresh)
            {
                Rest(entry.Call, entry.Due!, Grace);
            }
        }

        return _writes.Current.Calls.Count;
    }

    public Task NoteAsync(ImmutableArray<DueReport> reports)
    {
        foreach (var report in reports)
        {
            if (report.Due is { } due)
            {
                Note(report.Call, due, Grace);
            }
            else
            {
                Remove(report.Call, known => known.Ticket == report.Ticket);
                _forgetting.Add(report.Call);
            }
        }

        return Task.CompletedTask;
    }

    public Task<DueFigures> CountAsync() => Task.FromResult(Count());

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private DueFigures Count()
    {
        var calls = _writes.Current.Calls.Values;
        return new() { Owed = calls.Sum(due => (long)due.Owed), Since = calls.Min(due => due.Since) };
    }

    /// <summary>Notes what an entry says from now on; false when there is no such entry.</summary>
    private bool Note(string call, DueCall due, TimeSpan grace)
    {
        if (!_writes.Current.Calls.TryGetValue(call, out var known) || known.Ticket != due.Ticket)
        {
            return false;
        }

        _writes.ApplyLazily(state => state.Calls.ContainsKey(call) ? state with { Calls = state.Calls.SetItem(call, due) } : state);
        Rest(call, due, grace);
        return true;
    }

    /// <summary>Leaves a call alone until it is due and for a while after, since it sees to itself.</summary>
    private void Rest(string call, DueCall due, TimeSpan grace) => _notBefore[call] = Max(due.DueAt, _time.GetUtcNow()) + grace;

    private void Remove(string call, Func<DueCall, bool> isMeant) => _writes.ApplyLazily(state =>
    {
        if (!state.Calls.TryGetValue(call, out var known) || !isMeant(known))
        {
            return state;
        }

        _notBefore.Remove(call);
        return state with { Calls = state.Calls.Remove(call) };
    });

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        _metrics.Bucket(_bucket, Count());
        var now = _time.GetUtcNow();
        foreach (var (call, due) in _writes.Current.Calls)
        {
            if (_waking >= MaxWaking)
            {
                break;
            }

            if (due.DueAt <= now && _notBefore.GetValueOrDefault(call) <= now)
            {
                _notBefore[call] = now + WakeAgain;
                _ = WakeAsync(call, due);
            }
        }

        try
        {
            await _forgetting.GoOnAsync();
            if (_writes.Current.Calls.Count > 0 && _time.GetElapsedTime(_enteredAt) > RewriteInterval)
            {
                _enteredAt = _time.GetTimestamp();
                await _writes.ApplyAsync(static state => state with { });
            }
        }
        catch (Exception e)
        {
            // The next look tries again.
            _logger.GrainUnreachable(nameof(DueCallsGrain), e);
        }
    }

    private async Task WakeAsync(string call, DueCall due)
    {
        _waking++;
        try
        {
            if (await _grains.GetGrain<ICallGrain>(call).WakeAsync(_bucket, due.Ticket) is { } still)
            {
                Note(call, still, WakeAgain);
            }
            else
            {
                // Unless the call was entered again in the meantime.
                Remove(call, known => ReferenceEquals(known, due));
            }
        }
        catch (Exception e)
        {
            _logger.GrainUnreachable(nameof(CallGrain), e);
        }
        finally
        {
            _waking--;
        }
    }
}
