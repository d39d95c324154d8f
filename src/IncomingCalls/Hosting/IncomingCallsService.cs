using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>The background work of the core: follows the instances, runs the outcome timers, and drains when the host stops.</summary>
internal sealed class IncomingCallsService(
    CallInstances instances, OutcomeTimers timers, InlineRunner runner, ILogger<IncomingCallsService> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await runner.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(instances.FollowAsync(stoppingToken), timers.RunAsync(stoppingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            logger.BackgroundEnded(e);
            throw;
        }
    }
}
