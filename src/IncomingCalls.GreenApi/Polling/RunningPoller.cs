namespace IncomingCalls;

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
