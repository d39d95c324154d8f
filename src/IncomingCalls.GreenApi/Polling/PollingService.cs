using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>Runs the pollers of the instances that this process owns for as long as the host runs.</summary>
internal sealed class PollingService(
    ICallIntake intake, IInstanceOwnership ownership, IInstanceWorker pollers, PollerMetrics metrics, ILogger<PollingService> logger) : BackgroundService
{
    // Referenced so that the instrument is created.
    private readonly PollerMetrics _metrics = metrics;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // While another process has the inbox open, that process polls. Two pollers of one queue would handle notifications twice.
            await intake.WaitUntilReadyAsync(stoppingToken).ConfigureAwait(false);
            await ownership.RunAsync(pollers, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
        catch (Exception e)
        {
            logger.PollingEnded(e);
            throw;
        }
    }
}
