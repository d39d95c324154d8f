using System.Collections.Concurrent;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>
/// The pollers of this process, one per instance. Changed by the assignment alone; read from any thread.
/// </summary>
internal sealed class PollerSet(PollerContext context, ILogger<PollerSet> logger) : IInstanceWorker, IDisposable
{
    /// <summary>What is handled is better deleted even while the host stops, or it is handled again after the restart.</summary>
    private static readonly TimeSpan DeletionGracePeriod = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, RunningPoller> _running = new();
    private readonly ConcurrentDictionary<long, string> _unusable = new();
    private readonly ConcurrentDictionary<long, Task> _stoppingPollers = new();
    private readonly CancellationTokenSource _forceStop = new(Timeout.InfiniteTimeSpan, context.Time);

    public IEnumerable<InstancePoller> Running => _running.Select(entry => entry.Value.Poller);

    /// <summary>Instances that should be polled and cannot be.</summary>
    public IEnumerable<long> UnusableInstances => _unusable.Keys;

    /// <summary>Starts what is new, lets go what is gone, and exchanges what has another token or address. All others go on undisturbed.</summary>
    public async Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping)
    {
        var wanted = ValidateInstances(instances);
        foreach (var (idInstance, running) in _running)
        {
            if (!wanted.TryGetValue(idInstance, out var instance) || !running.IsFor(instance))
            {
                await StopPollerAsync(idInstance, running).ConfigureAwait(false);
            }
        }

        foreach (var (idInstance, instance) in wanted)
        {
            if (!_running.ContainsKey(idInstance) && !stopping.IsCancellationRequested)
            {
                _stoppingPollers.TryRemove(idInstance, out var predecessor);
                _running[idInstance] = new(new(instance, context), predecessor ?? Task.CompletedTask, stopping, _forceStop.Token);
            }
        }

        foreach (var (idInstance, _) in _stoppingPollers.Where(entry => entry.Value.IsCompleted))
        {
            _stoppingPollers.TryRemove(idInstance, out _);
        }
    }

    public Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken) =>
        _stoppingPollers.GetValueOrDefault(idInstance, Task.CompletedTask).WaitAsync(cancellationToken);

    /// <summary>Sends all away, and waits until they are gone.</summary>
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

    private Dictionary<long, CallInstance> ValidateInstances(IReadOnlyCollection<CallInstance> instances)
    {
        var polled = instances.Where(instance => instance.Receive == ReceiveMode.Polling).ToDictionary(instance => instance.IdInstance);
        foreach (var idInstance in _unusable.Keys.Where(id => !polled.ContainsKey(id)))
        {
            _unusable.TryRemove(idInstance, out _);
        }

        foreach (var (idInstance, instance) in polled)
        {
            if (InstanceValidator.FindProblem(instance) is not { } complaint)
            {
                _unusable.TryRemove(idInstance, out _);
                continue;
            }

            polled.Remove(idInstance);
            if (!_unusable.TryGetValue(idInstance, out var told) || told != complaint)
            {
                _unusable[idInstance] = complaint;
                logger.InstanceUnusable(idInstance, complaint);
            }
        }

        return polled;
    }
}

/// <summary>A poller and the means to send it away.</summary>
internal sealed class RunningPoller : IDisposable
{
    private readonly CancellationTokenSource _stopPolling;

    /// <param name="poller">The poller.</param>
    /// <param name="predecessor">The instance's former poller, which must be gone first: two on one queue handle everything twice.</param>
    /// <param name="stopping">Signalled when the host stops.</param>
    /// <param name="cut">Signalled when the host has waited long enough for deletions.</param>
    public RunningPoller(InstancePoller poller, Task predecessor, CancellationToken stopping, CancellationToken cut)
    {
        Poller = poller;
        _stopPolling = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Completion = RunAsync(predecessor, _stopPolling.Token, stopping, cut);
    }

    public InstancePoller Poller { get; }

    /// <summary>Completes when the poller is gone; never fails.</summary>
    public Task Completion { get; }

    public bool IsFor(CallInstance instance) =>
        Poller.Instance.ApiUrl == instance.ApiUrl && Poller.Instance.ApiTokenInstance == instance.ApiTokenInstance;

    public Task RequestStopAsync() => _stopPolling.CancelAsync();

    public void Dispose() => _stopPolling.Dispose();

    private async Task RunAsync(Task predecessor, CancellationToken leaving, CancellationToken stopping, CancellationToken cut)
    {
        // Also so that starting many does not happen one after the other.
        await predecessor.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await Poller.RunAsync(leaving, stopping, cut).ConfigureAwait(false);
    }
}
