using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Storage;

/// <summary>Opens the states of our grains in the providers of the host. Each has to be loaded when its grain is activated.</summary>
internal sealed class GrainStateFactory
{
    private readonly StoreHealth _health;
    private readonly OrleansInboxMetrics _metrics;
    private readonly StateLocation _callLocation;

    public GrainStateFactory(IServiceProvider services, StoreHealth trouble, OrleansInboxMetrics metrics)
    {
        _health = trouble;
        _metrics = metrics;
        Storage = services.GetRequiredKeyedService<IGrainStorage>(OrleansInboxStorage.Name);
        _callLocation = new(services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.CallsName) ?? Storage, "call", trouble, metrics);
    }

    /// <summary>The provider of everything but calls.</summary>
    public IGrainStorage Storage { get; }

    public BatchedStateWriter<T> Create<T>(IGrainContext context, string name, JsonTypeInfo<T> form)
        where T : class, new() => new(new(Storage, name, _health, _metrics), context, form);

    /// <summary>The same for a call.</summary>
    /// <param name="context">The call's grain.</param>
    /// <param name="companion">Who has a part in its writes.</param>
    public BatchedStateWriter<CallGrainState> CreateForCall(IGrainContext context, IStateWriteParticipant<CallGrainState> companion) =>
        new(_callLocation, context, StoredStateJsonContext.Default.CallGrainState, companion);
}

/// <summary>Where the states of a kind are kept. One for all calls of a silo.</summary>
/// <param name="Storage">The provider.</param>
/// <param name="Name">The name of the state, beside the grain's.</param>
/// <param name="Health">Told when the provider cannot be used.</param>
/// <param name="Metrics">Told how long a write took.</param>
internal sealed record StateLocation(IGrainStorage Storage, string Name, StoreHealth Health, OrleansInboxMetrics Metrics);
