using IncomingCalls.Inbox;
using IncomingCalls.Instances;
using IncomingCalls.Policies;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Hosting;

/// <summary>The background work of the core: follows the instances, opens the inbox, and closes it when the host stops.</summary>
internal sealed class IncomingCallsService(
    CallInstances instances,
    ICallInbox inbox,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    IEnumerable<CustomPolicyMarker> ownPolicy,
    InstanceActivityTracker receipts,
    ILogger<IncomingCallsService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;

    /// <summary>When it returns the instances are known and the inbox is there, so that no transport starts before.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        receipts.Start();
        // From here on a broken edit of the configuration finds options to fall back on.
        _ = options.CurrentValue;
        await instances.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (ownPolicy.Any() && instances.Current.FirstOrDefault(instance => instance.Scenario is not null) is { } chosen)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(IncomingCallsOptions),
                [$"Instance {chosen.IdInstance} has a scenario, and UsePolicy decides instead of scenarios. Remove Scenario from the instance (GreenApi:Instances:…:Scenario), or UsePolicy."]);
        }

        await inbox.StartAsync(cancellationToken).ConfigureAwait(false);
        _following = FollowInstancesAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        await inbox.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task FollowInstancesAsync()
    {
        try
        {
            await instances.FollowChangesAsync(_stopping.Token).ConfigureAwait(false);
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
