using System.Collections.Immutable;
using IncomingCalls.Orleans.Calls;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// A bucket. Entering is a write, shared by all who enter meanwhile; everything else is in memory and goes along. So a bucket may know calls
/// that are long finished, never the other way round: it wakes what is overdue, and who has nothing to do says so.
/// </summary>
[Reentrant]
[PartitionPlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.due")]
internal sealed class WakeUpBucketGrain : IGrainBase, IWakeUpBucketGrain
{
    private static readonly TimeSpan TimerInterval = TimeSpan.FromSeconds(1);

    /// <summary>A call that is at work sees to itself; the bucket comes in when it has not.</summary>
    private static readonly TimeSpan WakeUpDelay = TimeSpan.FromSeconds(5);

    /// <summary>Between two tries to wake the same call, and while one of its handlers may be at work.</summary>
    private static readonly TimeSpan WakeUpRetryInterval = TimeSpan.FromSeconds(30);

    /// <summary>A provider that lets entries expire would take a bucket that nobody enters, with calls that wait for a day.</summary>
    private static readonly TimeSpan RewriteInterval = TimeSpan.FromHours(6);

    /// <summary>So that what a crash left does not come all at once: 256 buckets wake as many each.</summary>
    private const int MaxConcurrentWakeUps = 16;

    private readonly int _bucket;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly OrleansInboxMetrics _metrics;
    private readonly ILogger _logger;
    private readonly BatchedStateWriter<WakeUpBucketState> _state;
    private readonly RetentionSweeper _retention;
    private readonly Dictionary<string, DateTimeOffset> _nextWakeUpAt = [];
    private int _wakeUpsInProgress;
    private long _lastWriteAt;

    public WakeUpBucketGrain(
        IGrainContext grainContext,
        GrainStateFactory states,
        IGrainFactory grains,
        IOptions<OrleansInboxOptions> options,
        OrleansInboxMetrics metrics,
        TimeProvider time,
        ILogger<OrleansInboxLogCategory> logger)
    {
        GrainContext = grainContext;
        _bucket = (int)grainContext.GrainId.GetIntegerKey();
        _grains = grains;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _state = states.Create(grainContext, "due", StoredStateJsonContext.Default.WakeUpBucketState);
        _retention = new(_bucket, _state, states.Storage, grains, options.Value, time);
        _lastWriteAt = time.GetTimestamp();
    }

    public IGrainContext GrainContext { get; }

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        this.RegisterGrainTimer(OnTimerAsync, new(TimerInterval, TimerInterval) { Interleave = true });
    }

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _metrics.ReportBucket(_bucket, null);
        try
        {
            await _retention.ClosePageAsync();
        }
        catch (Exception e)
        {
            _logger.GrainUnreachable(nameof(WakeUpBucketGrain), e);
        }

        await _state.WaitUntilIdleAsync();
    }

    public Task KeepAliveAsync() => _state.ReloadAsync();

    public async Task<int> AddAsync(ImmutableArray<WakeUpEntryUpdate> entries)
    {
        var fresh = entries.RemoveAll(entry => TryUpdate(entry.Call, entry.Entry!, WakeUpDelay));
        if (!fresh.IsEmpty)
        {
            _lastWriteAt = _time.GetTimestamp();
            await _state.ApplyAsync(state => state with { Calls = state.Calls.SetItems(fresh.Select(static entry => KeyValuePair.Create(entry.Call, entry.Entry!))) });
            foreach (var entry in fresh)
            {
                PostponeWakeUp(entry.Call, entry.Entry!, WakeUpDelay);
            }
        }

        return _state.Current.Calls.Count;
    }

    public Task UpdateAsync(ImmutableArray<WakeUpEntryUpdate> reports)
    {
        foreach (var report in reports)
        {
            if (report.Entry is { } due)
            {
                TryUpdate(report.Call, due, WakeUpDelay);
            }
            else
            {
                Remove(report.Call, known => known.Generation == report.Generation);
                _retention.Add(report.Call);
            }
        }

        return Task.CompletedTask;
    }

    public Task<WakeUpBucketStatistics> GetStatisticsAsync() => Task.FromResult(ComputeStatistics());

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private WakeUpBucketStatistics ComputeStatistics()
    {
        var calls = _state.Current.Calls.Values;
        return new() { PendingCount = calls.Sum(due => (long)due.PendingCount), OldestPendingAt = calls.Min(due => due.OldestPendingAt) };
    }

    /// <summary>Notes what an entry says from now on; false when there is no such entry.</summary>
    private bool TryUpdate(string call, WakeUpEntry due, TimeSpan grace)
    {
        if (!_state.Current.Calls.TryGetValue(call, out var known) || known.Generation != due.Generation)
        {
            return false;
        }

        _state.ApplyLazily(state => state.Calls.ContainsKey(call) ? state with { Calls = state.Calls.SetItem(call, due) } : state);
        PostponeWakeUp(call, due, grace);
        return true;
    }

    /// <summary>Leaves a call alone until it is due and for a while after, since it sees to itself.</summary>
    private void PostponeWakeUp(string call, WakeUpEntry due, TimeSpan grace) => _nextWakeUpAt[call] = Max(due.DueAt, _time.GetUtcNow()) + grace;

    private void Remove(string call, Func<WakeUpEntry, bool> isMeant) => _state.ApplyLazily(state =>
    {
        if (!state.Calls.TryGetValue(call, out var known) || !isMeant(known))
        {
            return state;
        }

        _nextWakeUpAt.Remove(call);
        return state with { Calls = state.Calls.Remove(call) };
    });

    private async Task OnTimerAsync(CancellationToken cancellationToken)
    {
        _metrics.ReportBucket(_bucket, ComputeStatistics());
        var now = _time.GetUtcNow();
        foreach (var (call, due) in _state.Current.Calls)
        {
            if (_wakeUpsInProgress >= MaxConcurrentWakeUps)
            {
                break;
            }

            if (due.DueAt <= now && _nextWakeUpAt.GetValueOrDefault(call) <= now)
            {
                _nextWakeUpAt[call] = now + WakeUpRetryInterval;
                _ = WakeUpAsync(call, due);
            }
        }

        try
        {
            await _retention.SweepAsync();
            if (_state.Current.Calls.Count > 0 && _time.GetElapsedTime(_lastWriteAt) > RewriteInterval)
            {
                _lastWriteAt = _time.GetTimestamp();
                await _state.ApplyAsync(static state => state with { });
            }
        }
        catch (Exception e)
        {
            // The next look tries again.
            _logger.GrainUnreachable(nameof(WakeUpBucketGrain), e);
        }
    }

    private async Task WakeUpAsync(string call, WakeUpEntry due)
    {
        _wakeUpsInProgress++;
        try
        {
            if (await _grains.GetGrain<ICallGrain>(call).WakeUpAsync(_bucket, due.Generation) is { } still)
            {
                TryUpdate(call, still, WakeUpRetryInterval);
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
            _wakeUpsInProgress--;
        }
    }
}
