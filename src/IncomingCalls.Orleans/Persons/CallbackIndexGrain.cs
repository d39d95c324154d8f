using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Persons;

/// <summary>Stores a part of the index of open callbacks. An entry is there before its callback is acknowledged, and can remain for a while after it: the grain of the person decides.</summary>
/// <param name="grainContext">The context of the grain.</param>
/// <param name="states">Creates the state.</param>
/// <param name="grains">The grains of the persons.</param>
/// <param name="time">The clock.</param>
[CollectionAgeLimit(Minutes = 2)]
[Immovable]
[GrainType("incoming-calls.callback-index")]
internal sealed class CallbackIndexGrain(IGrainContext grainContext, GrainStateFactory states, IGrainFactory grains, TimeProvider time) : IGrainBase, ICallbackIndexGrain
{
    /// <summary>The maximum number of old entries that are examined with each new one.</summary>
    private const int MaxExamined = 4;

    /// <summary>Callbacks expire two weeks after their last call. One that was opened before may have been extended.</summary>
    private static readonly TimeSpan ExaminedAfter = TimeSpan.FromDays(14);

    private readonly BatchedStateWriter<CallbackIndexState> _state = states.Create(grainContext, "callbacks", StoredStateJsonContext.Default.CallbackIndexState);

    public IGrainContext GrainContext { get; } = grainContext;

    public Task OnActivateAsync(CancellationToken cancellationToken) => _state.LoadAsync();

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _state.WaitUntilIdleAsync();

    public async Task SetAsync(string person, CallbackIndexEntry entry)
    {
        await _state.ApplyAsync(state => state.Entries.GetValueOrDefault(person) == entry ? state : state with { Entries = state.Entries.SetItem(person, entry) });
        var now = time.GetUtcNow();
        foreach (var (old, _) in _state.Current.Entries.Where(other => other.Value.OpenSince <= now - ExaminedAfter).Take(MaxExamined).ToArray())
        {
            // Not awaited: a callback that has expired is removed by a call of this grain.
            grains.GetGrain<IPersonGrain>(old).FindOpenAsync(isCurrent: false).Ignore();
        }
    }

    public Task RemoveAsync(string person) =>
        _state.ApplyAsync(state => state.Entries.ContainsKey(person) ? state with { Entries = state.Entries.Remove(person) } : state);

    public async Task<Dictionary<string, CallbackIndexEntry>> ListAsync()
    {
        await _state.ReloadAsync();
        return new(_state.Current.Entries);
    }
}
