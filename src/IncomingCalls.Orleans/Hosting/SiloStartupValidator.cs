using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Hosting;

/// <summary>Refuses to start a silo that could not do its part, before it joins the cluster.</summary>
internal sealed class SiloStartupValidator(IServiceProvider services, InboxServices inbox, ILogger<OrleansInboxLogCategory> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(SiloStartupValidator), ServiceLifecycleStage.First, Validate);

    private Task Validate(CancellationToken cancellationToken)
    {
        if (services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.Name) is not { } storage)
        {
            throw new InvalidOperationException(
                $"UseOrleansInbox needs a grain storage provider named '{OrleansInboxStorage.Name}' on every silo: calls are kept there. " +
                $"Add one that outlives the silos, for example silo.AddRedisGrainStorage(OrleansInboxStorage.Name, ...).");
        }

        if (!inbox.HasHandlers)
        {
            throw new InvalidOperationException(
                "This silo has no call handlers, and would owe the calls it owns to nobody. Register on every silo what the others have " +
                "(AddHandler, AddChatRecorder, AddOperatorNotifier), or make this host a client of the cluster: UseOrleansClient instead of UseOrleans.");
        }

        if (storage.GetType().Name.StartsWith("Memory", StringComparison.Ordinal))
        {
            logger.StorageInMemory(OrleansInboxStorage.Name);
        }

        return Task.CompletedTask;
    }
}
