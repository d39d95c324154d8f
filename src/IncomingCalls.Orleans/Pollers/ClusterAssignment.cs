using System.Collections.Concurrent;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>
/// The instances whose grain is on this silo. On a client of the cluster there are none. Safe to use from any thread.
/// </summary>
/// <remarks>
/// An instance is polled only while its grain is here and it belongs to this silo's share. While silos come and go, Orleans's directory may
/// forget where a grain is and let a second one live beside it for seconds; no instance belongs to two shares.
/// </remarks>
internal sealed class ClusterAssignment(ICallInstances instances, OrleansRole role, ILogger<OrleansInbox> logger) : IInstanceAssignment
{
    private readonly ConcurrentDictionary<long, Func<bool>> _owned = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _released = new();
    private volatile TaskCompletionSource _changed = New();
    private volatile bool _isWorking;

    /// <summary>Raised when this silo begins to poll, which may be long after it joined the cluster.</summary>
    public event Action? WorkBegan;

    /// <summary>Whether this silo polls at all, and goes on to.</summary>
    public bool IsWorking => _isWorking;

    /// <summary>The instances that are to be polled, by whomever.</summary>
    public IEnumerable<long> Wanted => instances.Current.Where(IsPolled).Select(instance => instance.IdInstance);

    /// <summary>The instances that are this silo's.</summary>
    public IEnumerable<long> Owned => _owned.Keys;

    /// <summary>Signalled when the instances change.</summary>
    public IChangeToken Watch() => instances.Watch();

    /// <summary>Who is in the cluster has changed, and so may have what belongs to this silo.</summary>
    public void SharesChanged() => _changed.TrySetResult();

    public bool Owns(long idInstance) => _owned.ContainsKey(idInstance);

    /// <summary>Whether this silo would poll an instance, if it were its own.</summary>
    public bool Wants(long idInstance) => _isWorking && instances.Find(idInstance) is { } instance && IsPolled(instance);

    /// <summary>The grain of an instance has come.</summary>
    /// <param name="idInstance">The instance.</param>
    /// <param name="isInShare">Whether the instance belongs to this silo's share now.</param>
    public void Take(long idInstance, Func<bool> isInShare)
    {
        _owned[idInstance] = isInShare;
        _changed.TrySetResult();
    }

    /// <summary>The grain of an instance goes.</summary>
    /// <returns>When nobody polls the instance here any more.</returns>
    public Task ReleaseAsync(long idInstance)
    {
        var released = _released.GetOrAdd(idInstance, static _ => New());
        _owned.TryRemove(idInstance, out _);
        _changed.TrySetResult();
        if (!_isWorking)
        {
            Complete(idInstance);
        }

        return released.Task;
    }

    public async Task RunAsync(IInstanceWork work, CancellationToken stopping)
    {
        if (role.IsClient)
        {
            logger.ClientDoesNotPoll();
            return;
        }

        _isWorking = true;
        WorkBegan?.Invoke();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // Armed before anything is read: a change in between is noticed rather than missed.
                var changed = _changed = New();
                using var registration = instances.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
                await work.WorkForAsync([.. instances.Current.Where(instance => _owned.TryGetValue(instance.IdInstance, out var isInShare) && isInShare())], stopping);
                foreach (var idInstance in _released.Keys)
                {
                    _ = LeaveAsync(work, idInstance);
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
            _isWorking = false;
            foreach (var idInstance in _released.Keys)
            {
                Complete(idInstance);
            }
        }
    }

    private static bool IsPolled(CallInstance instance) => instance.Receive == ReceiveMode.Polling;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LeaveAsync(IInstanceWork work, long idInstance)
    {
        await work.WhenLeftAsync(idInstance, CancellationToken.None);
        Complete(idInstance);
    }

    private void Complete(long idInstance)
    {
        if (_released.TryRemove(idInstance, out var released))
        {
            released.TrySetResult();
        }
    }
}
