using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Polling;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.WakeUps;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Hosting;

/// <summary>
/// Activates the grains that must run without requests: buckets, stored items, destinations and pollers. Each silo checks the grains assigned to it when it
/// starts, when the cluster or the instances change, and once a minute.
/// </summary>
internal sealed class GrainKeepAliveService(
    GrainPartitioner partitioner,
    ClusterInstanceOwnership ownership,
    IClusterMembershipService membership,
    IClusterManifestProvider manifest,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<OrleansInboxLogCategory> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Used after a failure: a grain cannot be reached until the cluster has detected the failure of its silo.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>The number of concurrent grain calls.</summary>
    private const int MaxConcurrency = 32;

    private readonly CancellationTokenSource _stopping = new();
    private readonly IKeepAliveGrain[] _keepAliveGrains =
    [
        .. Enumerable.Range(0, WakeUpBuckets.Count).Select(bucket => grains.GetGrain<IWakeUpBucketGrain>(bucket)),
        grains.GetGrain<IDeadLettersGrain>(0),
        grains.GetGrain<IQuarantineGrain>(0),
        grains.GetGrain<IDestinationsGrain>(0),
    ];

    private volatile TaskCompletionSource _changed = CreateSignal();
    private Task _loops = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(GrainKeepAliveService), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        ownership.PollingStarted += OnChanged;
        _loops = Task.WhenAll(
            Task.Run(RunAsync, CancellationToken.None),
            Task.Run(() => WatchAsync(membership.MembershipUpdates), CancellationToken.None),
            Task.Run(() => WatchAsync(manifest.Updates), CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        ownership.PollingStarted -= OnChanged;
        await _stopping.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Watches the membership and the capabilities of silos, which together determine the assignment of grains.</summary>
    private async Task WatchAsync<T>(IAsyncEnumerable<T> updates)
    {
        await foreach (var _ in updates.WithCancellation(_stopping.Token))
        {
            ownership.Reevaluate();
            OnChanged();
        }
    }

    private void OnChanged() => _changed.TrySetResult();

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            // Registered before the state is read, so that a change in between is not missed.
            var changed = _changed = CreateSignal();
            using var registration = ownership.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
            var isDone = await AwaitAllAsync(_keepAliveGrains.Where(grain => partitioner.IsLocal(grain.GetGrainId())).Select(KeepAliveAsync))
                & await AwaitAllAsync(MoveMisplacedPollers());
            await WaitForChangeAsync(changed.Task, isDone ? Interval : RetryInterval);
        }
    }

    /// <summary>Calls the pollers that are missing on this silo or should be on another one. Calls no grain when all placements are correct.</summary>
    private IEnumerable<Task<bool>> MoveMisplacedPollers() => !ownership.IsPolling ? [] : ownership.PolledInstances.Union(ownership.OwnedInstances).Where(IsMisplaced).Select(MovePollerAsync);

    private bool IsMisplaced(long idInstance) =>
        (ownership.ShouldPoll(idInstance) && partitioner.IsLocal(grains.GetGrain<IPollerGrain>(idInstance).GetGrainId())) != ownership.Owns(idInstance);

    /// <summary>Asks a poller grain to check its placement; returns false while the grain is not yet in its place, so that it is called again.</summary>
    private async Task<bool> MovePollerAsync(long idInstance)
    {
        await grains.GetGrain<IPollerGrain>(idInstance).CheckPlacementAsync();
        return !IsMisplaced(idInstance);
    }

    private static async Task<bool> KeepAliveAsync(IKeepAliveGrain grain)
    {
        await grain.KeepAliveAsync();
        return true;
    }

    private async Task<bool> AwaitAllAsync(IEnumerable<Task<bool>> calls)
    {
        var all = true;
        foreach (var batch in calls.Chunk(MaxConcurrency))
        {
            foreach (var call in batch)
            {
                try
                {
                    all &= await call;
                }
                catch (Exception e)
                {
                    all = false;
                    logger.GrainUnreachable(nameof(GrainKeepAliveService), e);
                }
            }
        }

        return all;
    }

    private async Task WaitForChangeAsync(Task changed, TimeSpan timeout)
    {
        try
        {
            await changed.WaitAsync(timeout, time, _stopping.Token);
        }
        catch (TimeoutException)
        {
            // Nothing changed; the periodic check runs.
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }
}
