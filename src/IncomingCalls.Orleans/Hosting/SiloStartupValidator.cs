using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.WakeUps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Hosting;

/// <summary>
/// Fails the start of a silo without grain storage or without handlers, and of one whose storage another version has written, before it becomes
/// active in the cluster.
/// </summary>
internal sealed class SiloStartupValidator(
    IServiceProvider services, AttemptRunner runner, IGrainFactory grains, StoreHealth health, TimeProvider time, ILogger<OrleansInboxLogCategory> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>The number of buckets that are read concurrently.</summary>
    private const int MaxConcurrency = 16;

    /// <summary>A storage that needs longer is checked when the grains read it.</summary>
    private static readonly TimeSpan StorageTimeout = TimeSpan.FromSeconds(10);

    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(SiloStartupValidator), ServiceLifecycleStage.First, ValidateServices);
        // The storage providers are initialized, and no grain is placed on this silo yet.
        observer.Subscribe(nameof(SiloStartupValidator), ServiceLifecycleStage.BecomeActive - 1, ValidateStorageAsync);
    }

    private static bool IsInMemory(IGrainStorage storage) => storage.GetType().Name.StartsWith("Memory", StringComparison.Ordinal);

    private Task ValidateServices(CancellationToken cancellationToken)
    {
        if (services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.Name) is not { } storage)
        {
            throw new InvalidOperationException(
                $"UseOrleansInbox needs a grain storage provider named '{OrleansInboxStorage.Name}' on every silo, which stores the calls. " +
                $"Add a durable one, for example silo.AddRedisGrainStorage(OrleansInboxStorage.Name, ...).");
        }

        if (!runner.HasHandlers)
        {
            throw new InvalidOperationException(
                "This silo has no call handlers, so the calls that it owns would not be handled. Register the same handlers on every silo " +
                "(AddHandler, AddChatRecorder, AddOperatorNotifier), or make this host a client of the cluster with UseOrleansClient instead of UseOrleans.");
        }

        if (IsInMemory(storage))
        {
            logger.StorageInMemory(OrleansInboxStorage.Name);
        }

        return Task.CompletedTask;
    }

    /// <summary>Reads the buckets, one of which every cluster has written that has ever stored a call.</summary>
    private async Task ValidateStorageAsync(CancellationToken cancellationToken)
    {
        var storage = services.GetRequiredKeyedService<IGrainStorage>(OrleansInboxStorage.Name);
        if (IsInMemory(storage))
        {
            // It is empty, and it consists of grains.
            return;
        }

        List<StoredState?> buckets = [];
        try
        {
            foreach (var batch in Enumerable.Range(0, WakeUpBuckets.Count).Chunk(MaxConcurrency))
            {
                buckets.AddRange(await Task.WhenAll(batch.Select(bucket => ReadAsync(storage, bucket))).WaitAsync(StorageTimeout, time, cancellationToken));
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            health.ReportFailure(e);
        }

        foreach (var bucket in buckets)
        {
            StoredStateSerializer.Unwrap(bucket);
        }
    }

    private async Task<StoredState?> ReadAsync(IGrainStorage storage, int bucket)
    {
        var state = new GrainState<StoredState>(new());
        await storage.ReadStateAsync(WakeUpBucketGrain.StateName, grains.GetGrain<IWakeUpBucketGrain>(bucket).GetGrainId(), state);
        return state.State;
    }
}
