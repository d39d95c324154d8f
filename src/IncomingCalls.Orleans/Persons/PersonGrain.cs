using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Persons;

/// <summary>
/// Stores the callback of a person. There is no transaction of several grains: each step is stored before the next one, and is repeated with the notification that was not acknowledged.
/// </summary>
/// <remarks>The grain is placed on the silo of a call, which saves a network hop.</remarks>
/// <param name="grainContext">The context of the grain.</param>
/// <param name="states">Creates the state.</param>
/// <param name="transitions">Computes the state.</param>
/// <param name="grains">The other grains.</param>
/// <param name="time">The clock.</param>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
[Immovable]
[GrainType("incoming-calls.person")]
internal sealed class PersonGrain(IGrainContext grainContext, GrainStateFactory states, CallTransitions transitions, IGrainFactory grains, TimeProvider time) : IGrainBase, IPersonGrain
{
    private readonly BatchedStateWriter<PersonGrainState> _state = states.CreateForPerson(grainContext);

    /// <summary>When the callback was opened that this activation has put into the index; null when it has put none.</summary>
    private DateTimeOffset? _indexedSince;

    public IGrainContext GrainContext { get; } = grainContext;

    private PersonHash Hash => new(GrainContext.GrainId.Key.ToString()!);

    private ICallbackIndexGrain Index => grains.GetGrain<ICallbackIndexGrain>(Hash.IndexPart);

    public Task OnActivateAsync(CancellationToken cancellationToken) => _state.LoadAsync();

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _state.WaitUntilIdleAsync();

    public async Task ApplyAsync(JsonPayload contact)
    {
        var applied = contact.ToModel<PersonContact>();
        await ChangeAsync(person => transitions.ApplyContact(person, applied));
    }

    public async Task<bool> CloseAsync(JsonPayload person, string? by, DateTimeOffset at, string? how)
    {
        var request = CallbackCloseRequest.Create(person.ToModel<Person>(), by, at, how);
        return (await ChangeAsync(before => transitions.CloseCallback(before, request))).Closed is not null;
    }

    public async Task<JsonPayload?> FindOpenAsync(bool isCurrent)
    {
        if (isCurrent)
        {
            // Another activation, which this one does not know of when the directory was lost, may have written the state.
            await _state.ReloadAsync();
        }

        if (FindOpen() is { } open)
        {
            return JsonPayload.FromModel(open);
        }

        await FinishAsync();
        return null;
    }

    private OpenCallback? FindOpen() => _state.Current.Person?.ToOpenCallback(Hash.Id, time.GetUtcNow());

    private async Task<PersonTransition> ChangeAsync(Func<PersonState?, PersonTransition> change)
    {
        PersonTransition transition = null!;
        await _state.ApplyAsync(state => state.With(transition = change(state.Person)));
        await FinishAsync();
        return transition;
    }

    /// <summary>Passes on what the state says is not passed on yet.</summary>
    private async Task FinishAsync()
    {
        while (_state.Current.Closings is [var closed, ..])
        {
            var key = CallTransitions.GetCallbackKey(closed);
            await grains.GetGrain<ICallGrain>(key.ToString()).CloseCallbackAsync(JsonPayload.FromModel(closed));
            // Not with a later write: days later, the event would be deleted and stored again.
            await _state.ApplyAsync(state => state.WithoutClosing(key));
        }

        if (FindOpen() is { } open)
        {
            if (_indexedSince != open.FirstMissedAt)
            {
                await Index.SetAsync(Hash.GrainKey, new() { OpenSince = open.FirstMissedAt, Account = open.Person.Account });
                _indexedSince = open.FirstMissedAt;
            }
        }
        else if (_state.Current.ListedSince is not null)
        {
            await Index.RemoveAsync(Hash.GrainKey);
            _indexedSince = null;
            _state.ApplyLazily(static state => state with { ListedSince = null });
        }

        if (_state.Current.Person?.ExpiresAt <= time.GetUtcNow())
        {
            await _state.WaitUntilIdleAsync();
            await _state.ClearAsync();
        }
    }
}
