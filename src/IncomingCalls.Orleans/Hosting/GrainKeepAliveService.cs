using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Polling;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.WakeUps;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Hosting;

/// <summary>
/// Keeps in memory what has to be there without being asked: buckets, shelves and pollers. Each silo looks after its own share, when it
/// starts, when the cluster or the instances change, and once a minute.
/// </summary>
internal sealed class GrainKeepAliveService(
    GrainPartitioner share,
    ClusterInstanceOwnership assignment,
    IClusterMembershipService membership,
    IClusterManifestProvider manifest,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<OrleansInboxLogCategory> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>A grain cannot be reached while the cluster finds out that its silo is gone.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many grains are called at the same time.</summary>
    private const int MaxConcurrency = 32;

    private readonly CancellationTokenSource _stopping = new();
    private readonly IKeepAliveGrain[] _keepAliveGrains =
    [
        .. Enumerable.Range(0, WakeUpBuckets.Count).Select(bucket => grains.GetGrain<IWakeUpBucketGrain>(bucket)),
        grains.GetGrain<IDeadLettersGrain>(0),
        grains.GetGrain<IQuarantineGrain>(0),
    ];

    private volatile TaskCompletionSource _changed = CreateSignal();
    private Task _loops = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(GrainKeepAliveService), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        assignment.PollingStarted += OnChanged;
        _loops = Task.WhenAll(
            Task.Run(RunAsync, CancellationToken.None),
            Task.Run(() => WatchAsync(membership.MembershipUpdates), CancellationToken.None),
            Task.Run(() => WatchAsync(manifest.Updates), CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        assignment.PollingStarted -= OnChanged;
        await _stopping.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Who is in the cluster, and what they can do: both decide whose share a grain is.</summary>
    private async Task WatchAsync<T>(IAsyncEnumerable<T> updates)
    {
        await foreach (var _ in updates.WithCancellation(_stopping.Token))
        {
            assignment.Reevaluate();
            OnChanged();
        }
    }

    private void OnChanged() => _changed.TrySetResult();

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            // Armed before anything is read: a change in between is noticed rather than missed.
            var changed = _changed = CreateSignal();
            using var registration = assignment.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
            var isDone = await AwaitAllAsync(_keepAliveGrains.Where(grain => share.IsLocal(grain.GetGrainId())).Select(KeepAliveAsync))
                & await AwaitAllAsync(MoveMisplacedPollers());
            await WaitForChangeAsync(changed.Task, isDone ? Interval : RetryInterval);
        }
    }

    /// <summary>Those that should be here and are not, and those that are here and should not be. When all is well, nobody is called.</summary>
    private IEnumerable<Task<bool>> MoveMisplacedPollers() => !assignment.IsPolling ? [] : assignment.PolledInstances.Union(assignment.OwnedInstances).Where(IsMisplaced).Select(MovePollerAsync);

    private bool IsMisplaced(long idInstance) =>
        (assignment.ShouldPoll(idInstance) && share.IsLocal(grains.GetGrain<IPollerGrain>(idInstance).GetGrainId())) != assignment.Owns(idInstance);

    /// <summary>Whether the matter is settled. It is not while the grain lives elsewhere, or has yet to go; then it is called again.</summary>
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
        foreach (var some in calls.Chunk(MaxConcurrency))
        {
            foreach (var call in some)
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

    private async Task WaitForChangeAsync(Task changed, TimeSpan atMost)
    {
        try
        {
            await changed.WaitAsync(atMost, time, _stopping.Token);
        }
        catch (TimeoutException)
        {
            // Nothing changed; it is looked after all the same.
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }
}
