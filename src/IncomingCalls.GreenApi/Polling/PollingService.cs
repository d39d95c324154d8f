using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>Keeps the pollers in step with the instances of this process for as long as the host runs.</summary>
internal sealed class PollingService(
    ICallIntake intake, IInstanceOwnership assignment, IInstanceWorker pollers, PollerMetrics metrics, ILogger<PollingService> logger) : BackgroundService
{
    // Observed through the meter; somebody has to make it.
    private readonly PollerMetrics _metrics = metrics;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // While another process works on the inbox, its pollers are there, and ours would only get in their way.
            await intake.WaitUntilReadyAsync(stoppingToken).ConfigureAwait(false);
            await assignment.RunAsync(pollers, stoppingToken).ConfigureAwait(false);
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
    }
}
