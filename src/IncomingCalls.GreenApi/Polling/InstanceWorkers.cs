using IncomingCalls.GreenApi.Journal;
using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>The work for the instances that this process owns: polling, and reading the call journal.</summary>
internal sealed class InstanceWorkers(PollerSet pollers, JournalScannerSet scanners) : IInstanceWorker
{
    private readonly IInstanceWorker[] _workers = [pollers, scanners];

    public bool HasWork(CallInstance instance) => _workers.Any(worker => worker.HasWork(instance));

    public async Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping)
    {
        foreach (var worker in _workers)
        {
            await worker.SetInstancesAsync(instances, stopping).ConfigureAwait(false);
        }
    }

    public Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken) =>
        Task.WhenAll(_workers.Select(worker => worker.WaitUntilReleasedAsync(idInstance, cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_workers.Select(worker => worker.StopAsync(cancellationToken)));
}
