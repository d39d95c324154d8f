using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>Runs the pollers and the scanners of the instances that this process owns for as long as the host runs.</summary>
internal sealed class PollingService(
    ICallIntake intake,
    IInstanceOwnership ownership,
    IInstanceWorker workers,
    ICallInstances instances,
    CallJournalIntake journal,
    LastKnownGoodOptions<GreenApiOptions> options,
    PollerMetrics metrics,
    ILogger<PollingService> logger) : BackgroundService
{
    // Referenced so that the instrument is created.
    private readonly PollerMetrics _metrics = metrics;

    /// <exception cref="InvalidOperationException">The call journal would create calls, and the inbox does not store them.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // After a restart the calls of the journal would be created again.
        if (!journal.IsDurable && options.CurrentValue.CallJournal == CallJournalUse.OutcomesAndCalls)
        {
            throw new InvalidOperationException("GreenApi:CallJournal is OutcomesAndCalls, which needs an inbox that stores calls. Add UseSqliteInbox() or another durable inbox, or write Outcomes.");
        }

        if (!journal.IsDurable && instances.Current.FirstOrDefault(static instance => instance.Receive == ReceiveMode.Journal) is { } found)
        {
            throw new InvalidOperationException($"Instance {found.IdInstance} has Receive = Journal, which needs an inbox that stores calls. Add UseSqliteInbox() or another durable inbox.");
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // While another process has the inbox open, that process polls. Two pollers of one queue would handle notifications twice.
            await intake.WaitUntilReadyAsync(stoppingToken).ConfigureAwait(false);
            await ownership.RunAsync(workers, stoppingToken).ConfigureAwait(false);
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
