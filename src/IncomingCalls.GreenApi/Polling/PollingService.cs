using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Keeps the pollers in step with the instances for as long as the host runs.</summary>
internal sealed class PollingService(
    ICallIntake intake, ICallInstances instances, PollerSet pollers, PollersMetrics metrics, ILogger<PollingService> logger) : BackgroundService
{
    // Observed through the meter; somebody has to make it.
    private readonly PollersMetrics _metrics = metrics;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // While another process works on the inbox, its pollers are there, and ours would only get in their way.
            await intake.WhenOpenAsync(stoppingToken).ConfigureAwait(false);
            while (!stoppingToken.IsCancellationRequested)
            {
                // Watched before they are read: a change in between is noticed rather than missed.
                var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var registration = instances.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
                await pollers.ReconcileAsync(instances.Current, stoppingToken).ConfigureAwait(false);
                await changed.Task.WaitAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            logger.PollingEnded(e);
            throw;
        }
        finally
        {
            await pollers.StopAsync().ConfigureAwait(false);
        }
    }
}
