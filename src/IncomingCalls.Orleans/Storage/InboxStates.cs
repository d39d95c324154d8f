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
    public SharedWrites<T> Open<T>(IGrainContext context, string name, JsonTypeInfo<T> form)
        where T : class, new() => new(StateOf(context, name, OrleansInboxStorage.Name), form, trouble);

    /// <summary>The same for a call.</summary>
    /// <param name="context">The call's grain.</param>
    /// <param name="beside">What has to happen beside a write.</param>
    /// <param name="raceLost">Told when somebody else was found to have written it.</param>
    public SharedWrites<CallRecord> OpenCall(IGrainContext context, Func<CallRecord, Task> beside, Action raceLost) =>
        new(StateOf(context, "call", CallsName), DocumentContext.Default.CallRecord, trouble) { Beside = beside, RaceLost = raceLost };

    private IPersistentState<StoredState> StateOf(IGrainContext context, string name, string storage) =>
        factory.Create<StoredState>(context, new StateName(name, storage));

    private sealed record StateName(string Name, string Storage) : IPersistentStateConfiguration
    {
        string IPersistentStateConfiguration.StateName => Name;

        string IPersistentStateConfiguration.StorageName => Storage;
    }
}
