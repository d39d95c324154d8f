using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Asks the resolvers of last resort where the cluster asks them for this instance.</summary>
internal sealed class ClusterNames(OrleansRole role) : ILastResortNames
{
    public async ValueTask<CallerName?> AskAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        var asked = WireForm.Of(query);
        var name = await role.Grains.GetGrain<INamesGrain>(query.IdInstance).AskAsync(asked).WaitAsync(cancellationToken);
        return name?.Read<CallerName>();
    }
}
