using System.Collections.Concurrent;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>The journals of the instances of this host. Thread-safe.</summary>
/// <param name="client">The client.</param>
/// <param name="instances">The instances.</param>
/// <param name="values">The store of the inbox, which itself depends on the journals: it is not created with them.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger.</param>
internal sealed class CallJournals(GreenApiClient client, ICallInstances instances, Lazy<IHandlerValueStore> values, TimeProvider time, ILogger<CallJournals> logger) : IDisposable
{
    /// <summary>How many instances are asked at once.</summary>
    private const int MaxConcurrentRequests = 20;

    private readonly ConcurrentDictionary<long, InstanceJournals> _journals = new();
    private readonly SemaphoreSlim _requests = new(MaxConcurrentRequests);

    /// <summary>Finds the journals of an instance; null when the host does not know the instance, or has no valid token of it.</summary>
    public InstanceJournals? Find(long idInstance) =>
        instances.Find(idInstance) is { } instance && InstanceValidator.FindProblem(instance) is null
            ? _journals.AddOrUpdate(
                idInstance,
                static (_, arguments) => arguments.Journals.Create(arguments.Instance),
                static (_, existing, arguments) => existing.IsFor(arguments.Instance) ? existing : arguments.Journals.Create(arguments.Instance),
                (Journals: this, Instance: instance))
            : null;

    public void Dispose()
    {
        foreach (var journals in _journals.Values)
        {
            journals.Dispose();
        }

        _requests.Dispose();
    }

    private InstanceJournals Create(CallInstance instance) => new(instance, client, _requests, values, time, logger);
}
