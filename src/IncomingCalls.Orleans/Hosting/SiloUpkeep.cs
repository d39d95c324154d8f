using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>
/// Keeps in memory what has to be there without being asked: buckets, shelves and pollers. Each silo looks after its own share, when it
/// starts, when the cluster or the instances change, and once a minute.
/// </summary>
internal sealed class SiloUpkeep(
    SiloShare share,
    ClusterAssignment assignment,
    IClusterMembershipService membership,
    IClusterManifestProvider manifest,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<OrleansInbox> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>A grain cannot be reached while the cluster finds out that its silo is gone.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>How many grains are called at the same time.</summary>
    private const int Parallel = 32;

    private readonly CancellationTokenSource _stopping = new();
    private readonly IUpkeptGrain[] _upkept =
    [
        .. Enumerable.Range(0, DueBuckets.Count).Select(bucket => grains.GetGrain<IDueCallsGrain>(bucket)),
        grains.GetGrain<IDeadLettersGrain>(0),
        grains.GetGrain<IQuarantineGrain>(0),
    ];

    private volatile TaskCompletionSource _changed = New();
    private Task _working = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(SiloUpkeep), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        assignment.WorkBegan += OnChanged;
        _working = Task.WhenAll(
            Task.Run(WorkAsync, CancellationToken.None),
            Task.Run(() => FollowAsync(membership.MembershipUpdates), CancellationToken.None),
            Task.Run(() => FollowAsync(manifest.Updates), CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        assignment.WorkBegan -= OnChanged;
        await _stopping.CancelAsync();
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Who is in the cluster, and what they can do: both decide whose share a grain is.</summary>
    private async Task FollowAsync<T>(IAsyncEnumerable<T> updates)
    {
        await foreach (var _ in updates.WithCancellation(_stopping.Token))
        {
            assignment.SharesChanged();
            OnChanged();
        }
    }

    private void OnChanged() => _changed.TrySetResult();

    private async Task WorkAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            // Armed before anything is read: a change in between is noticed rather than missed.
            var changed = _changed = New();
            using var registration = assignment.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
            var isDone = await LookAfterAsync(_upkept.Where(grain => share.Holds(grain.GetGrainId())).Select(AliveAsync))
                & await LookAfterAsync(PollersToMove());
            await WaitAsync(changed.Task, isDone ? Interval : AfterFailure);
        }
    }

    /// <summary>Those that should be here and are not, and those that are here and should not be. When all is well, nobody is called.</summary>
    private IEnumerable<Task<bool>> PollersToMove() => !assignment.IsWorking ? [] : assignment.Wanted.Union(assignment.Owned).Where(IsMisplaced).Select(MoveAsync);

    private bool IsMisplaced(long idInstance) =>
        (assignment.Wants(idInstance) && share.Holds(grains.GetGrain<IPollerGrain>(idInstance).GetGrainId())) != assignment.Owns(idInstance);

    /// <summary>Whether the matter is settled. It is not while the grain lives elsewhere, or has yet to go; then it is called again.</summary>
    private async Task<bool> MoveAsync(long idInstance)
    {
        await grains.GetGrain<IPollerGrain>(idInstance).LookAsync();
        return !IsMisplaced(idInstance);
    }

    private static async Task<bool> AliveAsync(IUpkeptGrain grain)
    {
        await grain.UpkeepAsync();
        return true;
    }

    private async Task<bool> LookAfterAsync(IEnumerable<Task<bool>> calls)
    {
        var all = true;
        foreach (var some in calls.Chunk(Parallel))
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
                    logger.GrainUnreachable(nameof(SiloUpkeep), e);
                }
            }
        }

        return all;
    }

    private async Task WaitAsync(Task changed, TimeSpan atMost)
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
