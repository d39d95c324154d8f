using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Serialization;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Callers;

/// <summary>
/// Looks names up on the silo that also polls the instance. GREEN-API rations look-ups per instance, and the line where they wait is in
/// the memory of a process: so there is one.
/// </summary>
[Reentrant]
[PartitionPlacement]
[Immovable]
[GrainType(Type)]
internal sealed class CallerNamesGrain(IGrainContext grainContext, InboxServices services) : IGrainBase, ICallerNamesGrain
{
    public const string Type = "incoming-calls.names";

    /// <summary>Those who ask about the same caller share the answer.</summary>
    private readonly Dictionary<(ChatId, bool), Task<CallerName?>> _lookups = [];

    public IGrainContext GrainContext { get; } = grainContext;

    public async Task<JsonPayload?> ResolveAsync(JsonPayload query)
    {
        var asked = query.ToModel<CallerNameQuery>();
        var key = (asked.ChatId, asked.IsRinging);
        if (!_lookups.TryGetValue(key, out var asking))
        {
            _lookups[key] = asking = Task.Run(() => services.ResolveFallbackCallerNameAsync(asked, CancellationToken.None).AsTask());
        }

        try
        {
            return await asking is { } name ? JsonPayload.FromModel(name) : null;
        }
        finally
        {
            _lookups.Remove(key);
        }
    }
}

/// <summary>The one place of the cluster where an instance's names are looked up. The key is the number of the instance.</summary>
[Alias("IncomingCalls.INamesGrain")]
internal interface ICallerNamesGrain : IGrainWithIntegerKey
{
    /// <summary>Looks a name up.</summary>
    /// <returns>The name; null when there is none.</returns>
    [Alias("Ask")]
    [ResponseTimeout("00:10:00")]
    Task<JsonPayload?> ResolveAsync(JsonPayload query);
}

/// <summary>Asks the resolvers of last resort where the cluster asks them for this instance.</summary>
internal sealed class ClusterFallbackCallerNameResolver(ClusterAccess role) : IFallbackCallerNameResolver
{
    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        var asked = JsonPayload.FromModel(query);
        var name = await role.Grains.GetGrain<ICallerNamesGrain>(query.IdInstance).ResolveAsync(asked).WaitAsync(cancellationToken);
        return name?.ToModel<CallerName>();
    }
}
