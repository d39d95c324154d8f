using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Orleans.Polling;

/// <summary>
/// The instances whose poller grain is on this silo; a client of the cluster owns none. Safe to use from any thread.
/// </summary>
/// <remarks>
/// An instance is polled only while its grain is on this silo and is assigned to it. While silos join and leave, the directory of Orleans may
/// lose a grain and allow a second activation for seconds; an instance is never assigned to two silos.
/// </remarks>
internal sealed class ClusterInstanceOwnership(ICallInstances instances, ClusterRole cluster, ILogger<OrleansInboxLogCategory> logger) : IInstanceOwnership
{
    private readonly ConcurrentDictionary<long, Func<bool>> _owned = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _releasing = new();
    private volatile TaskCompletionSource _changed = CreateSignal();
    private volatile bool _isPolling;
    private volatile IInstanceWorker? _worker;

    /// <summary>Raised when this silo starts to poll, which may be long after it joined the cluster.</summary>
    public event Action? PollingStarted;

    /// <summary>Gets whether this silo polls, which is not the case before the poller has started and after it has stopped.</summary>
    public bool IsPolling => _isPolling;

    /// <summary>Gets the instances that any silo polls, or whose call journal it reads.</summary>
    public IEnumerable<long> PolledInstances => instances.Current.Where(HasWork).Select(instance => instance.IdInstance);

    /// <summary>Gets the instances that this silo owns.</summary>
    public IEnumerable<long> OwnedInstances => _owned.Keys;

    /// <summary>Gets a change token of the instances.</summary>
    public IChangeToken Watch() => instances.Watch();

    /// <summary>Reevaluates the owned instances after a change of the cluster.</summary>
    public void Reevaluate() => _changed.TrySetResult();

    public bool Owns(long idInstance) => _owned.ContainsKey(idInstance);

    /// <summary>Determines whether this silo would poll an instance that it owns.</summary>
    public bool ShouldPoll(long idInstance) => _isPolling && instances.Find(idInstance) is { } instance && HasWork(instance);

    /// <summary>Acquires an instance when its grain was activated on this silo.</summary>
    /// <param name="idInstance">The <c>idInstance</c>.</param>
    /// <param name="isLocal">Determines whether the instance is assigned to this silo.</param>
    public void Acquire(long idInstance, Func<bool> isLocal)
    {
        _owned[idInstance] = isLocal;
        _changed.TrySetResult();
    }

    /// <summary>Releases an instance when its grain is deactivated.</summary>
    /// <returns>A task that completes when this silo no longer polls the instance.</returns>
    public Task ReleaseAsync(long idInstance)
    {
        var released = _releasing.GetOrAdd(idInstance, static _ => CreateSignal());
        _owned.TryRemove(idInstance, out _);
        _changed.TrySetResult();
        if (!_isPolling)
        {
            CompleteRelease(idInstance);
        }

        return released.Task;
    }

    public async Task RunAsync(IInstanceWorker worker, CancellationToken stopping)
    {
        if (cluster.IsClient)
        {
            logger.ClientDoesNotPoll();
            return;
        }

        _worker = worker;
        _isPolling = true;
        PollingStarted?.Invoke();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // Registered before the state is read, so that a change in between is not missed.
                var changed = _changed = CreateSignal();
                using var registration = instances.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
                await worker.SetInstancesAsync([.. instances.Current.Where(instance => _owned.TryGetValue(instance.IdInstance, out var isLocal) && isLocal())], stopping);
                foreach (var idInstance in _releasing.Keys)
                {
                    _ = CompleteWhenReleasedAsync(worker, idInstance);
                }

                await changed.Task.WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            await worker.StopAsync(CancellationToken.None);
            _isPolling = false;
            foreach (var idInstance in _releasing.Keys)
            {
                CompleteRelease(idInstance);
            }
        }
    }

    private bool HasWork(CallInstance instance) => _worker is { } worker && worker.HasWork(instance);

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task CompleteWhenReleasedAsync(IInstanceWorker worker, long idInstance)
    {
        await worker.WaitUntilReleasedAsync(idInstance, CancellationToken.None);
        CompleteRelease(idInstance);
    }

    private void CompleteRelease(long idInstance)
    {
        if (_releasing.TryRemove(idInstance, out var released))
        {
            released.TrySetResult();
        }
    }
}
