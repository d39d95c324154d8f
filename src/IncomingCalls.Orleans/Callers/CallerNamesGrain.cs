using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Serialization;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Callers;

/// <summary>
/// Resolves the caller names and phone numbers of one instance, on the silo that also polls it. GREEN-API limits the requests per instance, and the queue of
/// waiting requests is in the memory of a process, so there is one grain per instance.
/// </summary>
[Reentrant]
[PartitionPlacement]
[Immovable]
[GrainType(Type)]
internal sealed class CallerNamesGrain(IGrainContext grainContext, InboxCallerNames names) : IGrainBase, ICallerNamesGrain
{
    public const string Type = "incoming-calls.names";

    /// <summary>Concurrent queries for the same caller share one lookup.</summary>
    private readonly Dictionary<(ChatId, bool), Task<CallerName?>> _lookups = [];

    private readonly Dictionary<ChatId, Task<CallerNumber?>> _numberLookups = [];

    public IGrainContext GrainContext { get; } = grainContext;

    public async Task<JsonPayload?> ResolveAsync(JsonPayload query)
    {
        var model = query.ToModel<CallerNameQuery>();
        var key = (model.ChatId, model.IsRinging);
        if (!_lookups.TryGetValue(key, out var lookup))
        {
            _lookups[key] = lookup = Task.Run(() => names.ResolveFallbackAsync(model, CancellationToken.None).AsTask());
        }

        try
        {
            return await lookup is { } name ? JsonPayload.FromModel(name) : null;
        }
        finally
        {
            _lookups.Remove(key);
        }
    }

    public async Task<JsonPayload?> ResolveNumberAsync(JsonPayload query)
    {
        var model = query.ToModel<CallerNameQuery>();
        if (!_numberLookups.TryGetValue(model.ChatId, out var lookup))
        {
            _numberLookups[model.ChatId] = lookup = Task.Run(() => names.ResolveFallbackNumberAsync(model, CancellationToken.None).AsTask());
        }

        try
        {
            return await lookup is { } number ? JsonPayload.FromModel(number) : null;
        }
        finally
        {
            _numberLookups.Remove(model.ChatId);
        }
    }
}

/// <summary>The only grain of the cluster that resolves caller names of an instance. The key is the <c>idInstance</c>.</summary>
[Alias("IncomingCalls.INamesGrain")]
internal interface ICallerNamesGrain : IGrainWithIntegerKey
{
    /// <summary>Resolves a caller name.</summary>
    /// <returns>A task whose result is the name; null when there is none.</returns>
    [Alias("Ask")]
    [ResponseTimeout("00:10:00")]
    Task<JsonPayload?> ResolveAsync(JsonPayload query);

    /// <summary>Resolves the phone number of a linked id.</summary>
    /// <returns>A task whose result is the result of the lookup; null when no resolver can look it up.</returns>
    [Alias("AskNumber")]
    [ResponseTimeout("00:10:00")]
    Task<JsonPayload?> ResolveNumberAsync(JsonPayload query);
}

/// <summary>Resolves fallback caller names through the <see cref="CallerNamesGrain"/> of the instance.</summary>
internal sealed class ClusterFallbackCallerNameResolver(ClusterRole cluster) : IFallbackCallerNameResolver
{
    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        var payload = JsonPayload.FromModel(query);
        var name = await cluster.Grains.GetGrain<ICallerNamesGrain>(query.IdInstance).ResolveAsync(payload).WaitAsync(cancellationToken);
        return name?.ToModel<CallerName>();
    }

    public async ValueTask<CallerNumber?> ResolveNumberAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        var payload = JsonPayload.FromModel(query);
        var number = await cluster.Grains.GetGrain<ICallerNamesGrain>(query.IdInstance).ResolveNumberAsync(payload).WaitAsync(cancellationToken);
        return number?.ToModel<CallerNumber>();
    }
}
