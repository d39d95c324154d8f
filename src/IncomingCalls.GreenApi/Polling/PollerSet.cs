using System.Collections.Concurrent;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>
/// The pollers of this process, one per instance. Only the instance ownership changes the set; it can be read from any thread.
/// </summary>
internal sealed class PollerSet(PollerContext context, ILogger<PollerSet> logger) : IInstanceWorker, IDisposable
{
    /// <summary>
    /// How long deletions may continue while the host stops. A handled notification that is not deleted is received again after the
    /// restart.
    /// </summary>
    private static readonly TimeSpan DeletionGracePeriod = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, RunningPoller> _running = new();
    private readonly ConcurrentDictionary<long, string> _unusable = new();
    private readonly ConcurrentDictionary<long, Task> _stoppingPollers = new();
    private readonly CancellationTokenSource _forceStop = new(Timeout.InfiniteTimeSpan, context.Time);

    public IEnumerable<InstancePoller> Running => _running.Select(entry => entry.Value.Poller);

    /// <summary>The instances that should be polled but are not valid.</summary>
    public IEnumerable<long> UnusableInstances => _unusable.Keys;

    /// <summary>
    /// Starts pollers of new instances, stops those of removed instances, and replaces those whose token or address changed. The other
    /// pollers are not affected.
    /// </summary>
    public async Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken hostStopping)
    {
        var valid = ValidateInstances(instances);
        foreach (var (idInstance, running) in _running)
        {
            if (!valid.TryGetValue(idInstance, out var instance) || !running.IsFor(instance))
            {
                await StopPollerAsync(idInstance, running).ConfigureAwait(false);
            }
        }

        foreach (var (idInstance, instance) in valid)
        {
            if (!_running.ContainsKey(idInstance) && !hostStopping.IsCancellationRequested)
            {
                _stoppingPollers.TryRemove(idInstance, out var predecessor);
                _running[idInstance] = new(new(instance, context), predecessor ?? Task.CompletedTask, hostStopping, _forceStop.Token);
            }
        }

        foreach (var (idInstance, _) in _stoppingPollers.Where(entry => entry.Value.IsCompleted))
        {
            _stoppingPollers.TryRemove(idInstance, out _);
        }
    }

    public Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken) =>
        _stoppingPollers.GetValueOrDefault(idInstance, Task.CompletedTask).WaitAsync(cancellationToken);

    /// <summary>Stops all pollers and waits until they have ended.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _forceStop.CancelAfter(DeletionGracePeriod);
        foreach (var (idInstance, running) in _running)
        {
            await StopPollerAsync(idInstance, running).ConfigureAwait(false);
        }

        await Task.WhenAll(_stoppingPollers.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
        _stoppingPollers.Clear();
    }

    public void Dispose() => _forceStop.Dispose();

    private async Task StopPollerAsync(long idInstance, RunningPoller running)
    {
        await running.RequestStopAsync().ConfigureAwait(false);
        _running.TryRemove(idInstance, out _);
        _stoppingPollers[idInstance] = DisposeWhenCompletedAsync(running);
    }

    private static async Task DisposeWhenCompletedAsync(RunningPoller running)
    {
        using (running)
        {
            await running.Completion.ConfigureAwait(false);
        }
    }

    /// <summary>Selects the instances that can be polled, and logs and records those that cannot.</summary>
    private Dictionary<long, CallInstance> ValidateInstances(IReadOnlyCollection<CallInstance> instances)
    {
        var polled = instances.Where(instance => instance.Receive == ReceiveMode.Polling).ToDictionary(instance => instance.IdInstance);
        foreach (var idInstance in _unusable.Keys.Where(id => !polled.ContainsKey(id)))
        {
            _unusable.TryRemove(idInstance, out _);
        }

        foreach (var (idInstance, instance) in polled)
        {
            if (InstanceValidator.FindProblem(instance) is not { } problem)
            {
                _unusable.TryRemove(idInstance, out _);
                continue;
            }

            polled.Remove(idInstance);
            if (!_unusable.TryGetValue(idInstance, out var loggedProblem) || loggedProblem != problem)
            {
                _unusable[idInstance] = problem;
                logger.InstanceUnusable(idInstance, problem);
            }
        }

        return polled;
    }
}

/// <summary>A running poller that can be stopped.</summary>
internal sealed class RunningPoller : IDisposable
{
    private readonly CancellationTokenSource _stopPolling;

    /// <param name="poller">The poller.</param>
    /// <param name="predecessor">The task of the instance's former poller. It must end first, because two pollers of one queue handle every notification twice.</param>
    /// <param name="hostStopping">Canceled when the host stops.</param>
    /// <param name="forceStop">Canceled when the grace period for deletions is over.</param>
    public RunningPoller(InstancePoller poller, Task predecessor, CancellationToken hostStopping, CancellationToken forceStop)
    {
        Poller = poller;
        _stopPolling = CancellationTokenSource.CreateLinkedTokenSource(hostStopping);
        Completion = RunAsync(predecessor, _stopPolling.Token, hostStopping, forceStop);
    }

    public InstancePoller Poller { get; }

    /// <summary>Completes when the poller has ended; never fails.</summary>
    public Task Completion { get; }

    public bool IsFor(CallInstance instance) =>
        Poller.Instance.ApiUrl == instance.ApiUrl && Poller.Instance.ApiTokenInstance == instance.ApiTokenInstance;

    public Task RequestStopAsync() => _stopPolling.CancelAsync();

    public void Dispose() => _stopPolling.Dispose();

    private async Task RunAsync(Task predecessor, CancellationToken stopPolling, CancellationToken hostStopping, CancellationToken forceStop)
    {
        // Yields also when there is no predecessor, so that many pollers start in parallel.
        await predecessor.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await Poller.RunAsync(stopPolling, hostStopping, forceStop).ConfigureAwait(false);
    }
}
