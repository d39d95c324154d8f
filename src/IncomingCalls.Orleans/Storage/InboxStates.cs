using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncomingCalls;

/// <summary>Opens the states of our grains in the providers of the host. Each has to be loaded when its grain is activated.</summary>
internal sealed class InboxStates(IServiceProvider services, StorageTrouble trouble)
{
    /// <summary>The provider of everything but calls.</summary>
    public IGrainStorage Storage { get; } = services.GetRequiredKeyedService<IGrainStorage>(OrleansInboxStorage.Name);

    private IGrainStorage Calls { get; } =
        services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.CallsName) ?? services.GetRequiredKeyedService<IGrainStorage>(OrleansInboxStorage.Name);

    public SharedWrites<T> Open<T>(IGrainContext context, string name, JsonTypeInfo<T> form)
        where T : class, new() => new(Storage, name, context, form, trouble);

    /// <summary>The same for a call.</summary>
    /// <param name="context">The call's grain.</param>
    /// <param name="companion">Who has a part in its writes.</param>
    public SharedWrites<CallRecord> OpenCall(IGrainContext context, IWriteCompanion<CallRecord> companion) =>
        new(Calls, "call", context, DocumentContext.Default.CallRecord, trouble, companion);
}
