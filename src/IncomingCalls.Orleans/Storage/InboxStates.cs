using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncomingCalls;

/// <summary>Opens the states of our grains in the providers of the host. Each has to be loaded when its grain is activated.</summary>
internal sealed class InboxStates
{
    private readonly StorageTrouble _trouble;
    private readonly OrleansInboxMetrics _metrics;
    private readonly StatePlace _calls;

    public InboxStates(IServiceProvider services, StorageTrouble trouble, OrleansInboxMetrics metrics)
    {
        _trouble = trouble;
        _metrics = metrics;
        Storage = services.GetRequiredKeyedService<IGrainStorage>(OrleansInboxStorage.Name);
        _calls = new(services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.CallsName) ?? Storage, "call", trouble, metrics);
    }

    /// <summary>The provider of everything but calls.</summary>
    public IGrainStorage Storage { get; }

    public SharedWrites<T> Open<T>(IGrainContext context, string name, JsonTypeInfo<T> form)
        where T : class, new() => new(new(Storage, name, _trouble, _metrics), context, form);

    /// <summary>The same for a call.</summary>
    /// <param name="context">The call's grain.</param>
    /// <param name="companion">Who has a part in its writes.</param>
    public SharedWrites<CallRecord> OpenCall(IGrainContext context, IWriteCompanion<CallRecord> companion) =>
        new(_calls, context, DocumentContext.Default.CallRecord, companion);
}
