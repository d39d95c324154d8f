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
/// A bucket of wake-up entries. Adding entries is a write, which concurrent additions share; all other changes are made in memory and stored by
/// the next write. So a bucket may contain calls that are finished, but never lacks a pending one: it wakes calls that are overdue, and a call
/// without pending work answers that its entry is obsolete.
/// </summary>
[Reentrant]
[PartitionPlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.due")]
internal sealed class WakeUpBucketGrain : IGrainBase, IWakeUpBucketGrain
{
    public const string StateName = "due";

    private static readonly TimeSpan TimerInterval = TimeSpan.FromSeconds(1);

    /// <summary>An active call starts its work when it is due; the bucket wakes it only when it is overdue by this time.</summary>
    private static readonly TimeSpan WakeUpDelay = TimeSpan.FromSeconds(5);

    /// <summary>The interval between wake-ups of the same call, during which its handlers may be running.</summary>
    private static readonly TimeSpan WakeUpRetryInterval = TimeSpan.FromSeconds(30);

    /// <summary>The state is rewritten at this interval: a provider whose entries expire would otherwise delete a bucket without additions, whose calls may wait for a day.</summary>
    private static readonly TimeSpan RewriteInterval = TimeSpan.FromHours(6);

    /// <summary>Limits the load after a crash: each of the 256 buckets wakes as many calls at the same time.</summary>
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
        _state = states.Create(grainContext, StateName, StoredStateJsonContext.Default.WakeUpBucketState);
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
        var added = entries.RemoveAll(entry => TryUpdate(entry.Call, entry.Entry!, WakeUpDelay));
        if (!added.IsEmpty)
        {
            _lastWriteAt = _time.GetTimestamp();
            await _state.ApplyAsync(state => state with { Calls = state.Calls.SetItems(added.Select(static entry => KeyValuePair.Create(entry.Call, entry.Entry!))) });
            foreach (var entry in added)
            {
                PostponeWakeUp(entry.Call, entry.Entry!, WakeUpDelay);
            }
        }

        return _state.Current.Calls.Count;
    }

    public Task UpdateAsync(ImmutableArray<WakeUpEntryUpdate> updates)
    {
        foreach (var update in updates)
        {
            if (update.Entry is { } entry)
            {
                TryUpdate(update.Call, entry, WakeUpDelay);
            }
            else
            {
                Remove(update.Call, known => known.Generation == update.Generation);
                _retention.Add(update.Call);
            }
        }

        return Task.CompletedTask;
    }

    public Task ResumeAsync(ulong destinations)
    {
        var now = _time.GetUtcNow();
        foreach (var (call, entry) in _state.Current.Calls.Where(call => (call.Value.Destinations & destinations) != 0))
        {
            // The wake-up returns the entry with its due time.
            TryUpdate(call, entry with { DueAt = now }, TimeSpan.Zero);
        }

        return Task.CompletedTask;
    }

    public async Task<BucketCalls> ListCallsAsync() => new() { Pending = [.. _state.Current.Calls.Keys], Finished = await _retention.ListCallsAsync() };

    public Task<WakeUpBucketStatistics> GetStatisticsAsync() => Task.FromResult(ComputeStatistics());

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private WakeUpBucketStatistics ComputeStatistics()
    {
        var calls = _state.Current.Calls.Values;
        return new() { PendingCount = calls.Sum(entry => (long)entry.PendingCount), OldestPendingAt = calls.Min(entry => entry.OldestPendingAt) };
    }

    /// <summary>Updates an entry in memory; false when there is no such entry.</summary>
    private bool TryUpdate(string call, WakeUpEntry entry, TimeSpan delay)
    {
        if (!_state.Current.Calls.TryGetValue(call, out var known) || known.Generation != entry.Generation)
        {
            return false;
        }

        _state.ApplyLazily(state => state.Calls.ContainsKey(call) ? state with { Calls = state.Calls.SetItem(call, entry) } : state);
        PostponeWakeUp(call, entry, delay);
        return true;
    }

    /// <summary>Postpones the wake-up until a delay after the due time, because an active call starts its work without it.</summary>
    private void PostponeWakeUp(string call, WakeUpEntry entry, TimeSpan delay) => _nextWakeUpAt[call] = Max(entry.DueAt, _time.GetUtcNow()) + delay;

    private void Remove(string call, Func<WakeUpEntry, bool> matches) => _state.ApplyLazily(state =>
    {
        if (!state.Calls.TryGetValue(call, out var known) || !matches(known))
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
        foreach (var (call, entry) in _state.Current.Calls)
        {
            if (_wakeUpsInProgress >= MaxConcurrentWakeUps)
            {
                break;
            }

            if (entry.DueAt <= now && _nextWakeUpAt.GetValueOrDefault(call) <= now)
            {
                _nextWakeUpAt[call] = now + WakeUpRetryInterval;
                _ = WakeUpAsync(call, entry);
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
            // The next timer tick retries.
            _logger.GrainUnreachable(nameof(WakeUpBucketGrain), e);
        }
    }

    private async Task WakeUpAsync(string call, WakeUpEntry entry)
    {
        _wakeUpsInProgress++;
        try
        {
            if (await _grains.GetGrain<ICallGrain>(call).WakeUpAsync(_bucket, entry.Generation) is { } current)
            {
                TryUpdate(call, current, WakeUpRetryInterval);
            }
            else
            {
                // Unless the call was added again in the meantime.
                Remove(call, known => ReferenceEquals(known, entry));
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
