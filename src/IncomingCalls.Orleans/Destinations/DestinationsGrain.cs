using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.StoredItems;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.WakeUps;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Destinations;

/// <summary>
/// Has the pauses of destinations and the permits of rate limits. Only attempts whose delivery has a destination, or whose handler has a rate limit, ask it. Pauses are stored;
/// permits and probes are not: after an activation a partition begins without its burst, and the next attempt after the time of a probe is the probe.
/// </summary>
[Reentrant]
[PartitionPlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.destinations")]
internal sealed class DestinationsGrain(
    IGrainContext grainContext,
    GrainStateFactory states,
    CallTransitions transitions,
    AttemptRunner runner,
    IGrainFactory grains,
    OrleansInboxMetrics metrics,
    TimeProvider time,
    ILogger<OrleansInboxLogCategory> logger)
    : IGrainBase, IDestinationsGrain
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>The longest time until a waiting call asks again. A call that misses the end of a pause continues after this time.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(15);

    /// <summary>How long the other calls wait for the result of a probe. If it succeeds, they are woken.</summary>
    private static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(5);

    /// <summary>Calls that wait for the same time ask in these intervals on average.</summary>
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>The smallest number of intervals from which a call gets a random one, so that the order is random for few calls as well.</summary>
    private const int MinAskIntervals = 10;

    /// <summary>How long a call waits for its permit in memory. One that has to wait longer stores its next due time.</summary>
    private static readonly TimeSpan MaxPermitWait = TimeSpan.FromSeconds(2);

    /// <summary>How long the result of a probe may take beyond the timeout of the handler. A silo that has died does not report it.</summary>
    private static readonly TimeSpan ProbeGrace = TimeSpan.FromSeconds(30);

    /// <summary>The delay before the buckets are notified a second time: a call that has just begun to wait may not be in its bucket at the first time.</summary>
    private static readonly TimeSpan ResumeInterval = TimeSpan.FromSeconds(2);

    private readonly BatchedStateWriter<DestinationsState> _state = states.Create(grainContext, "pauses", StoredStateJsonContext.Default.DestinationsState);
    private readonly RatePermits _permits = new(time);
    private readonly Dictionary<(string Handler, string Partition), DateTimeOffset> _queueEnds = [];
    private readonly Dictionary<(string Handler, string Destination), DestinationWait> _waits = [];

    public IGrainContext GrainContext { get; } = grainContext;

    /// <summary>The pauses that have not ended.</summary>
    private IEnumerable<DestinationPause> Pauses => _state.Current.Pauses.Where(pause => DestinationsState.IsInForce(pause, time.GetUtcNow()));

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        this.RegisterGrainTimer(ReportPauses, new(ReportInterval, ReportInterval) { Interleave = true });
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.ReportStoredItems(nameof(DestinationsGrain), null);
        return _state.WaitUntilIdleAsync();
    }

    public Task KeepAliveAsync() => _state.ReloadAsync();

    public Task<AttemptAdmission> AdmitAsync(AttemptRequest request)
    {
        var now = time.GetUtcNow();
        if (request.Destination is not { } destination || _state.Current.Find(request.Handler, destination, now) is not { } pause)
        {
            return Task.FromResult(TakePermit(request, now));
        }

        if (!_waits.TryGetValue((request.Handler, destination), out var wait))
        {
            _waits[(request.Handler, destination)] = wait = new();
        }

        var isProbing = wait.ProbeEndsAt > now && wait.Probe != request.Call;
        if (pause.Until > now || isProbing)
        {
            var until = Earlier(isProbing ? now + ProbeWait : pause.Until, now + MaxWait);
            return Task.FromResult(new AttemptAdmission
            {
                MustWait = true,
                At = until + (AskInterval * GetAskOrder(++wait.Asked)),
                Pause = JsonPayload.FromModel(pause),
                IsBeingProbed = isProbing,
            });
        }

        var admission = TakePermit(request, now);
        if (!admission.MustWait)
        {
            (wait.Probe, wait.ProbeEndsAt) = (request.Call, admission.At + runner.GetTimeout(request.Handler) + ProbeGrace);
            admission = new() { At = admission.At, Pause = JsonPayload.FromModel(pause) };
        }

        return Task.FromResult(admission);
    }

    public async Task<JsonPayload?> ChangePauseAsync(string handler, string destination, JsonPayload? before, JsonPayload? after)
    {
        DestinationPause? expected = before?.ToModel<DestinationPause>(), next = after?.ToModel<DestinationPause>(), current = null;
        var isExpected = false;
        await _state.ApplyAsync(state =>
        {
            var now = time.GetUtcNow();
            current = state.Find(handler, destination, now);
            isExpected = current == expected;
            return isExpected ? state.With(handler, destination, next, now) : state;
        });
        if (!isExpected)
        {
            return current is null ? null : JsonPayload.FromModel(current);
        }

        _waits.Remove((handler, destination));
        if (expected is { IsUnavailable: true } && next is not { IsUnavailable: true })
        {
            _ = ResumeCallsAsync(DestinationsState.GetBit(handler, destination));
        }

        return after;
    }

    public Task<JsonPayload[]> ListPausesAsync() => Task.FromResult<JsonPayload[]>(
    [
        .. Pauses.OrderBy(static pause => pause.Handler, StringComparer.Ordinal).ThenBy(static pause => pause.Destination, StringComparer.Ordinal).Select(JsonPayload.FromModel),
    ]);

    public async Task<int> EndPausesAsync(JsonPayload action)
    {
        var entry = action.ToModel<AdministrationLogEntry>();
        DestinationPause[] ended = [];
        await _state.ApplyAsync(state =>
        {
            ended = [.. state.Pauses.Where(pause => (entry.Filter.Handler ?? pause.Handler) == pause.Handler && (entry.Filter.Destination ?? pause.Destination) == pause.Destination
                && DestinationsState.IsInForce(pause, time.GetUtcNow()))];
            return ended.Length == 0 ? state : state with { Pauses = state.Pauses.RemoveRange(ended), Log = AdministrationLog.Add(state.Log, entry, ended.Length, time) };
        });
        foreach (var pause in ended)
        {
            _waits.Remove((pause.Handler, pause.Destination));
        }

        if (ended.Length > 0)
        {
            _ = ResumeCallsAsync(ended.Aggregate(0UL, static (bits, pause) => bits | DestinationsState.GetBit(pause.Handler, pause.Destination)));
        }

        return ended.Length;
    }

    public Task<JsonPayload[]> ListLogAsync(int limit) => Task.FromResult<JsonPayload[]>([.. AdministrationLog.Read(_state.Current.Log, limit).Select(JsonPayload.FromModel)]);

    private Task ReportPauses()
    {
        metrics.ReportStoredItems(nameof(DestinationsGrain), Pauses.Count());
        return Task.CompletedTask;
    }

    /// <summary>
    /// Gets a random place among the calls that have asked. The call whose probe has failed asks first again: in the order of asking it would be the next probe as well, and
    /// one event whose request always fails would hold the others forever.
    /// </summary>
    private static double GetAskOrder(long asked) => Random.Shared.NextDouble() * Math.Clamp(asked, MinAskIntervals, MaxWait / AskInterval);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    /// <summary>
    /// Takes a permit of the rate limit, if the handler has one. Calls without a permit queue: each asks again one interval after the call before it, and then takes the next permit.
    /// </summary>
    private AttemptAdmission TakePermit(AttemptRequest request, DateTimeOffset now)
    {
        if (transitions.GetRateLimit(request.Handler) is not { } limit)
        {
            return new() { At = now };
        }

        var queue = (request.Handler, request.Partition);
        if (_queueEnds.TryGetValue(queue, out var queueEnd) && queueEnd <= now)
        {
            _queueEnds.Remove(queue);
        }

        var hasTurn = request.HasWaitedForPermit || queueEnd <= now;
        if (_permits.TryTake(request.Handler, request.Partition, limit, now, hasTurn ? MaxPermitWait : -MaxPermitWait, out var startsAt))
        {
            return new() { At = startsAt };
        }

        var next = queueEnd + (limit.Period / limit.Permits);
        _queueEnds[queue] = startsAt = next > startsAt ? next : startsAt;
        return new() { MustWait = true, At = startsAt };
    }

    /// <summary>Wakes the calls that wait for destinations whose pause has ended.</summary>
    private async Task ResumeCallsAsync(ulong destinations)
    {
        for (var round = 0; round < 2; round++)
        {
            try
            {
                await Task.Delay(round * ResumeInterval, time);
                await Task.WhenAll(Enumerable.Range(0, WakeUpBuckets.Count).Select(bucket => grains.GetGrain<IWakeUpBucketGrain>(bucket).ResumeAsync(destinations)));
            }
            catch (Exception e)
            {
                logger.GrainUnreachable(nameof(DestinationsGrain), e);
            }
        }
    }

    /// <summary>The calls that wait for one destination since its pause was changed.</summary>
    private sealed class DestinationWait
    {
        /// <summary>The number of calls that have to wait.</summary>
        public long Asked { get; set; }

        /// <summary>The key of the call that probes the destination; null when there was no probe.</summary>
        public string? Probe { get; set; }

        /// <summary>When another call may probe it, in UTC.</summary>
        public DateTimeOffset ProbeEndsAt { get; set; }
    }
}
