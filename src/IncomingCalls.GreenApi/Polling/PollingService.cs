using IncomingCalls.Inboxes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Keeps the pollers in step with the instances of this process for as long as the host runs.</summary>
internal sealed class PollingService(
    IInstanceAssignment assignment, PollerSet pollers, PollersMetrics metrics, ILogger<PollingService> logger) : BackgroundService
{
    // Observed through the meter; somebody has to make it.
    private readonly PollersMetrics _metrics = metrics;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await assignment.RunAsync(pollers, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            logger.PollingEnded(e);
            throw;
        }
    }
}
