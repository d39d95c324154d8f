using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Storage;

/// <summary>Creates the state writers of the grains for the providers of the host. Each state must be loaded when its grain is activated.</summary>
internal sealed class GrainStateFactory
{
    private readonly StoreHealth _health;
    private readonly OrleansInboxMetrics _metrics;
    private readonly StateLocation _callLocation;
    private readonly StateLocation _handlerValuesLocation;
    private readonly StateLocation _personLocation;

    public GrainStateFactory(IServiceProvider services, StoreHealth health, OrleansInboxMetrics metrics)
    {
        _health = health;
        _metrics = metrics;
        Storage = services.GetRequiredKeyedService<IGrainStorage>(OrleansInboxStorage.Name);
        _callLocation = new(services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.CallsName) ?? Storage, "call", health, metrics);
        var expiring = services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.HandlerValuesName) ?? Storage;
        _handlerValuesLocation = new(expiring, "values", health, metrics);
        _personLocation = new(expiring, "person", health, metrics);
    }

    /// <summary>Gets the provider of all states except calls, persons and values of handlers.</summary>
    public IGrainStorage Storage { get; }

    public BatchedStateWriter<T> Create<T>(IGrainContext context, string name, JsonTypeInfo<T> typeInfo)
        where T : class, new() => new(new(Storage, name, _health, _metrics), context, typeInfo);

    /// <summary>Creates the state writer of the values of a handler.</summary>
    public BatchedStateWriter<HandlerValuesState> CreateForHandlerValues(IGrainContext context) => new(_handlerValuesLocation, context, StoredStateJsonContext.Default.HandlerValuesState);

    /// <summary>Creates the state writer of a person.</summary>
    public BatchedStateWriter<PersonGrainState> CreateForPerson(IGrainContext context) => new(_personLocation, context, PersonGrainState.TypeInfo);

    /// <summary>Creates the state writer of a call.</summary>
    /// <param name="context">The call grain.</param>
    /// <param name="participant">The participant in its writes.</param>
    public BatchedStateWriter<CallGrainState> CreateForCall(IGrainContext context, IStateWriteParticipant<CallGrainState> participant) =>
        new(_callLocation, context, CallGrainState.TypeInfo, participant);
}

/// <summary>The storage location of the states of one kind. All calls of a silo share one instance.</summary>
/// <param name="Storage">The provider.</param>
/// <param name="Name">The name of the state within the grain.</param>
/// <param name="Health">Receives failures and recoveries of the provider.</param>
/// <param name="Metrics">Receives the durations of writes.</param>
internal sealed record StateLocation(IGrainStorage Storage, string Name, StoreHealth Health, OrleansInboxMetrics Metrics);
