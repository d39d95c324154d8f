using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>The background work of the core: follows the instances, runs the outcome timers, and drains when the host stops.</summary>
internal sealed class IncomingCallsService(
    CallInstances instances, OutcomeTimers timers, InlineRunner runner, ILogger<IncomingCallsService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    /// <summary>When it returns the instances are known and the clock is watched, so that no transport starts before.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await instances.LoadAsync(cancellationToken).ConfigureAwait(false);
        _work = Task.WhenAll(
            WatchOverAsync(instances.FollowAsync(_stopping.Token)),
            WatchOverAsync(timers.RunAsync(_stopping.Token)));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        await runner.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WatchOverAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            logger.BackgroundEnded(e);
        }
    }
}
