using IncomingCalls.Inboxes;

namespace IncomingCalls;

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
