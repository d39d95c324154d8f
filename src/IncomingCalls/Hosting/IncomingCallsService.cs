using IncomingCalls.Handling;
using IncomingCalls.Inbox;
using IncomingCalls.Instances;
using IncomingCalls.Policies;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Hosting;

/// <summary>The hosted service of the core: follows changes of the instances, opens the inbox, and closes it when the host stops.</summary>
internal sealed class IncomingCallsService(
    CallInstances instances,
    ICallInbox inbox,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    IEnumerable<CustomPolicyMarker> customPolicy,
    CallHandlerCatalog handlers,
    InstanceActivityTracker activity,
    ILogger<IncomingCallsService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _followingInstances = Task.CompletedTask;

    /// <summary>Loads the instances and starts the inbox. Transports are hosted services that start after this method has completed.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        activity.Start();
        // Reads the options once, so that an invalid change of the configuration has valid options to fall back to.
        _ = options.CurrentValue;
        await instances.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (customPolicy.Any() && instances.Current.FirstOrDefault(instance => instance.Scenario is not null) is { } withScenario)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(IncomingCallsOptions),
                [$"Instance {withScenario.IdInstance} has a scenario, but UsePolicy replaces the scenarios. Remove Scenario from the instance (GreenApi:Instances:…:Scenario), or remove UsePolicy."]);
        }

        if (!inbox.IsDurable && handlers.All.FirstOrDefault(static handler => handler.UnansweredSettleTime > TimeSpan.Zero) is { } settling)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(CallHandlerOptions),
                [$"Handler '{settling.Name}' has an UnansweredSettleTime, which requires a durable inbox: the in-memory inbox answers the gateway after the handlers have run. Add UseSqliteInbox or another durable inbox, or remove UnansweredSettleTime."]);
        }

        await inbox.StartAsync(cancellationToken).ConfigureAwait(false);
        _followingInstances = FollowInstancesAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _followingInstances.ConfigureAwait(false);
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
            // The host is stopping.
        }
        catch (Exception e)
        {
            logger.BackgroundEnded(e);
        }
    }
}
