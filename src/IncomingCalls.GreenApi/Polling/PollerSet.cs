using System.Collections.Concurrent;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>
/// The pollers of this process, one per instance. Changed by the assignment alone; read from any thread.
/// </summary>
internal sealed class PollerSet(PollerContext context, ILogger<PollerSet> logger) : IInstanceWork, IDisposable
{
    /// <summary>What is handled is better deleted even while the host stops, or it is handled again after the restart.</summary>
    private static readonly TimeSpan DeletionGrace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, RunningPoller> _running = new();
    private readonly ConcurrentDictionary<long, string> _unusable = new();
    private readonly ConcurrentDictionary<long, Task> _leaving = new();
    private readonly CancellationTokenSource _cut = new(Timeout.InfiniteTimeSpan, context.Time);

    public IEnumerable<InstancePoller> Running => _running.Select(entry => entry.Value.Poller);

    /// <summary>Instances that should be polled and cannot be.</summary>
    public IEnumerable<long> Unusable => _unusable.Keys;

    /// <summary>Starts what is new, lets go what is gone, and exchanges what has another token or address. All others go on undisturbed.</summary>
    public async Task WorkForAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping)
    {
        var wanted = Usable(instances);
        foreach (var (idInstance, running) in _running)
        {
            if (!wanted.TryGetValue(idInstance, out var instance) || !running.Serves(instance))
            {
                await LetGoAsync(idInstance, running).ConfigureAwait(false);
            }
        }

        foreach (var (idInstance, instance) in wanted)
        {
            if (!_running.ContainsKey(idInstance) && !stopping.IsCancellationRequested)
            {
                _leaving.TryRemove(idInstance, out var predecessor);
                _running[idInstance] = new(new(instance, context), predecessor ?? Task.CompletedTask, stopping, _cut.Token);
            }
        }

        foreach (var (idInstance, _) in _leaving.Where(entry => entry.Value.IsCompleted))
        {
            _leaving.TryRemove(idInstance, out _);
        }
    }

    public Task WhenLeftAsync(long idInstance, CancellationToken cancellationToken) =>
        _leaving.GetValueOrDefault(idInstance, Task.CompletedTask).WaitAsync(cancellationToken);

    /// <summary>Sends all away, and waits until they are gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _cut.CancelAfter(DeletionGrace);
        foreach (var (idInstance, running) in _running)
        {
            await LetGoAsync(idInstance, running).ConfigureAwait(false);
        }

        await Task.WhenAll(_leaving.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
        _leaving.Clear();
    }

    public void Dispose() => _cut.Dispose();

    private async Task LetGoAsync(long idInstance, RunningPoller running)
    {
        await running.LeaveAsync().ConfigureAwait(false);
        _running.TryRemove(idInstance, out _);
        _leaving[idInstance] = GoneAsync(running);
    }

    private static async Task GoneAsync(RunningPoller running)
    {
        using (running)
        {
            await running.Completion.ConfigureAwait(false);
        }
    }

    private Dictionary<long, CallInstance> Usable(IReadOnlyCollection<CallInstance> instances)
    {
        var polled = instances.Where(instance => instance.Receive == ReceiveMode.Polling).ToDictionary(instance => instance.IdInstance);
        foreach (var idInstance in _unusable.Keys.Where(id => !polled.ContainsKey(id)))
        {
            _unusable.TryRemove(idInstance, out _);
        }

        foreach (var (idInstance, instance) in polled)
        {
            if (InstanceCheck.Complaint(instance) is not { } complaint)
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
