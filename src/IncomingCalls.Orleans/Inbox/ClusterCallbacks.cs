using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.Inbox;

/// <summary>The open callbacks in the cluster.</summary>
internal sealed class ClusterCallbacks(OrleansInbox inbox) : ICallbacks
{
    /// <summary>The number of persons that are read concurrently.</summary>
    private const int MaxConcurrency = 16;

    public async ValueTask<IReadOnlyList<OpenCallback>> ListAsync(OpenCallbackFilter? filter, int limit, OpenCallback? after, CancellationToken cancellationToken)
    {
        var request = CallbackListRequest.Create(filter, limit, after);
        var parts = await inbox.InvokeAsync(grains => Task.WhenAll(Enumerable.Range(0, PersonHash.IndexParts).Select(part => grains.GetGrain<ICallbackIndexGrain>(part).ListAsync())), cancellationToken);
        var candidates =
            from entry in parts.SelectMany(static part => part)
            where request.Account is null || entry.Value.Account == request.Account
            let person = new PersonHash(entry.Key)
            orderby entry.Value.OpenSince, person.Id
            where request.AfterMissedAt is not { } missedAt || (entry.Value.OpenSince, person.Id).CompareTo((missedAt, request.AfterId ?? 0)) > 0
            select person;

        List<OpenCallback> callbacks = [];
        foreach (var persons in candidates.Chunk(MaxConcurrency))
        {
            var found = await inbox.InvokeAsync(grains => Task.WhenAll(persons.Select(person => grains.GetGrain<IPersonGrain>(person.GrainKey).FindOpenAsync(isCurrent: false))), cancellationToken);
            callbacks.AddRange(found.OfType<JsonPayload>().Select(static payload => payload.ToModel<OpenCallback>()).Where(request.Selects).Take(limit - callbacks.Count));
            if (callbacks.Count == limit)
            {
                break;
            }
        }

        return callbacks;
    }

    public async ValueTask<OpenCallback?> FindAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        return (await inbox.InvokeAsync(grains => Find(grains, person).FindOpenAsync(isCurrent: true), cancellationToken))?.ToModel<OpenCallback>();
    }

    public async ValueTask<bool> CloseAsync(Person person, string? by, DateTimeOffset at, string? how, CancellationToken cancellationToken)
    {
        var request = CallbackCloseRequest.Create(person, by, at, how);
        return await inbox.InvokeAsync(grains => Find(grains, person).CloseAsync(JsonPayload.FromModel(person), request.By, request.At, request.Note), cancellationToken);
    }

    private static IPersonGrain Find(IGrainFactory grains, Person person) => grains.GetGrain<IPersonGrain>(PersonHash.Of(person).GrainKey);
}
