using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Erasure;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.Inbox;

/// <summary>The values of handlers in the cluster.</summary>
internal sealed class ClusterHandlerValues(OrleansInbox inbox, ClusterErasures erasures) : IHandlerValueStore
{
    public async ValueTask<string?> GetAsync(HandlerAttempt attempt, HandlerKey key, CancellationToken cancellationToken) =>
        await InvokeAsync(attempt, key, (grain, _) => grain.GetAsync(key.Name), cancellationToken);

    public async ValueTask SaveAsync(HandlerAttempt attempt, HandlerKey key, string value, DateTimeOffset? expiresAt, CancellationToken cancellationToken) => await InvokeAsync(
        attempt,
        key,
        async (grain, location) =>
        {
            if (!(await erasures.GetAsync()).Discards(attempt, key))
            {
                await grain.SaveAsync(location, key.Name, value, expiresAt);
            }

            return true;
        },
        cancellationToken);

    public async ValueTask<bool> TryReserveAsync(HandlerAttempt attempt, HandlerKey key, DateTimeOffset until, CancellationToken cancellationToken) =>
        await InvokeAsync(attempt, key, async (grain, location) => !(await erasures.GetAsync()).Discards(attempt, key) && await grain.TryReserveAsync(location, key.Name, until), cancellationToken);

    private Task<T> InvokeAsync<T>(HandlerAttempt attempt, HandlerKey key, Func<IHandlerValuesGrain, HandlerValueLocation, Task<T>> call, CancellationToken cancellationToken)
    {
        var location = HandlerValueLocation.Of(attempt.HandlerName, key);
        return inbox.InvokeAsync(grains => call(grains.GetGrain<IHandlerValuesGrain>(location.ToGrainKey()), location), cancellationToken);
    }
}
