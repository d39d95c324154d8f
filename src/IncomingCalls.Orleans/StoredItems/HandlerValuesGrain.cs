using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Orleans.Placement;

namespace IncomingCalls.Orleans.StoredItems;

/// <summary>Stores the values of one handler for one call, one person or one named key. Its turns and the etag of the storage make a reservation atomic.</summary>
/// <remarks>The grain is placed on the silo that runs the attempt, which saves a network hop.</remarks>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
[Immovable]
[GrainType("incoming-calls.handler-values")]
internal sealed class HandlerValuesGrain(IGrainContext grainContext, GrainStateFactory states, TimeProvider time) : IGrainBase, IHandlerValuesGrain
{
    private readonly BatchedStateWriter<HandlerValuesState> _state = states.CreateForHandlerValues(grainContext);

    public IGrainContext GrainContext { get; } = grainContext;

    public Task OnActivateAsync(CancellationToken cancellationToken) => _state.LoadAsync();

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _state.WaitUntilIdleAsync();

    public async Task<string?> GetAsync(string name)
    {
        // Another activation, which this one does not know of when the directory was lost, may have written the state.
        await _state.ReloadAsync();
        return _state.Current.Find(name, time.GetUtcNow())?.Value;
    }

    public Task SaveAsync(HandlerValueLocation location, string name, string value, DateTimeOffset? expiresAt) =>
        _state.ApplyAsync(state =>
        {
            var now = time.GetUtcNow();
            return state.With(location, name, new() { Value = value, ExpiresAt = expiresAt ?? now + IHandlerValueStore.DefaultLifetime }, now);
        });

    public async Task<bool> TryReserveAsync(HandlerValueLocation location, string name, DateTimeOffset until)
    {
        var isReserved = false;
        await _state.ApplyAsync(state =>
        {
            var now = time.GetUtcNow();
            isReserved = state.Find(name, now) is null;
            return isReserved ? state.With(location, name, new() { ExpiresAt = until }, now) : state;
        });
        return isReserved;
    }

    public async Task<int> EraseAsync()
    {
        await _state.ReloadAsync();
        var count = _state.Current.Values.Count;
        if (_state.Current.Location is not null)
        {
            await _state.WaitUntilIdleAsync();
            await _state.ClearAsync();
        }

        return count;
    }

    public Task RenewAsync(DateTimeOffset notExpiredAt) =>
        _state.ApplyAsync(state => state.Values.IsEmpty ? state : state.Renew(notExpiredAt, time.GetUtcNow() + IHandlerValueStore.DefaultLifetime));
}
