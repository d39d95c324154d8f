namespace IncomingCalls;

/// <summary>A poller and the means to send it away.</summary>
internal sealed class RunningPoller : IDisposable
{
    private readonly CancellationTokenSource _leaving;

    /// <param name="poller">The poller.</param>
    /// <param name="predecessor">The instance's former poller, which must be gone first: two on one queue handle everything twice.</param>
    /// <param name="stopping">Signalled when the host stops.</param>
    /// <param name="cut">Signalled when the host has waited long enough for deletions.</param>
    public RunningPoller(InstancePoller poller, Task predecessor, CancellationToken stopping, CancellationToken cut)
    {
        Poller = poller;
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Completion = RunAsync(predecessor, _leaving.Token, stopping, cut);
    }

    public InstancePoller Poller { get; }

    /// <summary>Completes when the poller is gone; never fails.</summary>
    public Task Completion { get; }

    public bool Serves(CallInstance instance) =>
        Poller.Instance.ApiUrl == instance.ApiUrl && Poller.Instance.ApiTokenInstance == instance.ApiTokenInstance;

    public Task LeaveAsync() => _leaving.CancelAsync();

    public void Dispose() => _leaving.Dispose();

    private async Task RunAsync(Task predecessor, CancellationToken leaving, CancellationToken stopping, CancellationToken cut)
    {
        // Also so that starting many does not happen one after the other.
        await predecessor.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await Poller.RunAsync(leaving, stopping, cut).ConfigureAwait(false);
    }
}
