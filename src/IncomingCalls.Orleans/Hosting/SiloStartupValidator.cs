using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Hosting;

/// <summary>Fails the start of a silo without grain storage or without handlers, before it joins the cluster.</summary>
internal sealed class SiloStartupValidator(IServiceProvider services, InboxServices inbox, ILogger<OrleansInboxLogCategory> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(SiloStartupValidator), ServiceLifecycleStage.First, Validate);

    private Task Validate(CancellationToken cancellationToken)
    {
        if (services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.Name) is not { } storage)
        {
            throw new InvalidOperationException(
                $"UseOrleansInbox needs a grain storage provider named '{OrleansInboxStorage.Name}' on every silo, which stores the calls. " +
                $"Add a durable one, for example silo.AddRedisGrainStorage(OrleansInboxStorage.Name, ...).");
        }

        if (!inbox.HasHandlers)
        {
            throw new InvalidOperationException(
                "This silo has no call handlers, so the calls that it owns would not be handled. Register the same handlers on every silo " +
                "(AddHandler, AddChatRecorder, AddOperatorNotifier), or make this host a client of the cluster with UseOrleansClient instead of UseOrleans.");
        }

        if (storage.GetType().Name.StartsWith("Memory", StringComparison.Ordinal))
        {
            logger.StorageInMemory(OrleansInboxStorage.Name);
        }

        return Task.CompletedTask;
    }
}
