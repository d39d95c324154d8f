using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncomingCalls;

/// <summary>Opens the states of our grains in the providers of the host.</summary>
internal sealed class InboxStates(IServiceProvider services, IPersistentStateFactory factory, StorageTrouble trouble)
{
    /// <summary>The provider of everything but calls.</summary>
    public IGrainStorage Storage { get; } = services.GetRequiredKeyedService<IGrainStorage>(OrleansInboxStorage.Name);

    private string CallsName { get; } = services.GetKeyedService<IGrainStorage>(OrleansInboxStorage.CallsName) is null ? OrleansInboxStorage.Name : OrleansInboxStorage.CallsName;

    /// <summary>Called while the grain is constructed; its state is there when it is activated.</summary>
    public SharedWrites<T> Open<T>(IGrainContext context, string name, JsonTypeInfo<T> form, Func<T, Task>? beside = null)
        where T : class, new() => Open(context, name, OrleansInboxStorage.Name, form, beside);

    /// <summary>The same for a call.</summary>
    public SharedWrites<CallRecord> OpenCall(IGrainContext context, Func<CallRecord, Task> beside) =>
        Open(context, "call", CallsName, DocumentContext.Default.CallRecord, beside);

    private SharedWrites<T> Open<T>(IGrainContext context, string name, string storage, JsonTypeInfo<T> form, Func<T, Task>? beside)
        where T : class, new() =>
        new(factory.Create<StoredState>(context, new StateName(name, storage)), form, trouble) { Beside = beside };

    private sealed record StateName(string Name, string Storage) : IPersistentStateConfiguration
    {
        string IPersistentStateConfiguration.StateName => Name;

        string IPersistentStateConfiguration.StorageName => Storage;
    }
}
