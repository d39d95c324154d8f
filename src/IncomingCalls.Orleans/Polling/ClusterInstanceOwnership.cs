using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Orleans.Polling;

/// <summary>
/// The instances whose grain is on this silo. On a client of the cluster there are none. Safe to use from any thread.
/// </summary>
/// <remarks>
/// An instance is polled only while its grain is here and it belongs to this silo's share. While silos come and go, Orleans's directory may
/// forget where a grain is and let a second one live beside it for seconds; no instance belongs to two shares.
/// </remarks>
internal sealed class ClusterInstanceOwnership(ICallInstances instances, ClusterAccess role, ILogger<OrleansInboxLogCategory> logger) : IInstanceOwnership
{
    private readonly ConcurrentDictionary<long, Func<bool>> _owned = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _releasing = new();
    private volatile TaskCompletionSource _changed = CreateSignal();
    private volatile bool _isPolling;

    /// <summary>Raised when this silo begins to poll, which may be long after it joined the cluster.</summary>
    public event Action? PollingStarted;

    /// <summary>Whether this silo polls at all, and goes on to.</summary>
    public bool IsPolling => _isPolling;

    /// <summary>The instances that are to be polled, by whomever.</summary>
    public IEnumerable<long> PolledInstances => instances.Current.Where(UsesPolling).Select(instance => instance.IdInstance);

    /// <summary>The instances that are this silo's.</summary>
    public IEnumerable<long> OwnedInstances => _owned.Keys;

    /// <summary>Signalled when the instances change.</summary>
    public IChangeToken Watch() => instances.Watch();

    /// <summary>Who is in the cluster has changed, and so may have what belongs to this silo.</summary>
    public void Reevaluate() => _changed.TrySetResult();

    public bool Owns(long idInstance) => _owned.ContainsKey(idInstance);

    /// <summary>Whether this silo would poll an instance, if it were its own.</summary>
    public bool ShouldPoll(long idInstance) => _isPolling && instances.Find(idInstance) is { } instance && UsesPolling(instance);

    /// <summary>The grain of an instance has come.</summary>
    /// <param name="idInstance">The instance.</param>
    /// <param name="isInShare">Whether the instance belongs to this silo's share now.</param>
    public void Acquire(long idInstance, Func<bool> isInShare)
    {
        _owned[idInstance] = isInShare;
        _changed.TrySetResult();
    }

    /// <summary>The grain of an instance goes.</summary>
    /// <returns>When nobody polls the instance here any more.</returns>
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

    public async Task RunAsync(IInstanceWorker work, CancellationToken stopping)
    {
        if (role.IsClient)
        {
            logger.ClientDoesNotPoll();
            return;
        }

        _isPolling = true;
        PollingStarted?.Invoke();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // Armed before anything is read: a change in between is noticed rather than missed.
                var changed = _changed = CreateSignal();
                using var registration = instances.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
                await work.SetInstancesAsync([.. instances.Current.Where(instance => _owned.TryGetValue(instance.IdInstance, out var isInShare) && isInShare())], stopping);
                foreach (var idInstance in _releasing.Keys)
                {
                    _ = CompleteWhenReleasedAsync(work, idInstance);
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
            await work.StopAsync(CancellationToken.None);
            _isPolling = false;
            foreach (var idInstance in _releasing.Keys)
            {
                CompleteRelease(idInstance);
            }
        }
    }

    private static bool UsesPolling(CallInstance instance) => instance.Receive == ReceiveMode.Polling;

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task CompleteWhenReleasedAsync(IInstanceWorker work, long idInstance)
    {
        await work.WaitUntilReleasedAsync(idInstance, CancellationToken.None);
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
