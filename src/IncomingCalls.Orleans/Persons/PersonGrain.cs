using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Microsoft.Extensions.Options;
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
/// <param name="options">The options, with the time for which calls are stored.</param>
/// <param name="time">The clock.</param>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
[Immovable]
[GrainType("incoming-calls.person")]
internal sealed class PersonGrain(
    IGrainContext grainContext, GrainStateFactory states, CallTransitions transitions, IGrainFactory grains, IOptions<OrleansInboxOptions> options, TimeProvider time) : IGrainBase, IPersonGrain
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
        await ChangeAsync(person => transitions.ApplyContact(person, applied), applied);
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

    public Task<string[]> ListCallsAsync() => Task.FromResult<string[]>([.. _state.Current.EndedCalls.Select(static call => call.Call)]);

    public Task AddCallAsync(string call, DateTimeOffset at) => _state.ApplyAsync(state => state.WithCall(call, at, RetainedSince));

    public async Task RemoveCallAsync(string call)
    {
        if (_state.Current.EndedCalls.Any(other => other.Call == call))
        {
            await _state.ApplyAsync(state => state with { EndedCalls = [.. state.EndedCalls.Where(other => other.Call != call)] });
            await FinishAsync();
            await ClearIfUnneededAsync();
        }
    }

    public async Task<bool> EraseAsync(JsonPayload report, string[] calls)
    {
        await _state.ReloadAsync();
        var before = _state.Current;
        if (before is { Person: null, EndedCalls.Count: 0, Closings.Count: 0 })
        {
            return false;
        }

        var (subject, erased) = (ErasedSubject.ForReport(report.ToModel<ErasureReport>()), calls.ToHashSet());
        await _state.ApplyAsync(state => state.Erase(subject, erased));
        var isErased = !ReferenceEquals(before.Person, _state.Current.Person) || before.EndedCalls.Count != _state.Current.EndedCalls.Count;
        await FinishAsync();
        await ClearIfUnneededAsync();
        return isErased;
    }

    /// <summary>Since when calls are stored.</summary>
    private DateTimeOffset RetainedSince => time.GetUtcNow() - options.Value.DeduplicationWindow;

    private OpenCallback? FindOpen() => _state.Current.Person?.ToOpenCallback(Hash.Id, time.GetUtcNow());

    private async Task<PersonTransition> ChangeAsync(Func<PersonState?, PersonTransition> change, PersonContact? contact = null)
    {
        PersonTransition transition = null!;
        await _state.ApplyAsync(state =>
        {
            var changed = state.With(transition = change(state.Person));
            return contact is null ? changed : changed.WithCall(contact.Call.ToString(), contact.At, RetainedSince);
        });
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
            await _state.ApplyAsync(state => state.WithoutClosing(key).WithCall(key.ToString(), closed.ClosedAt, RetainedSince));
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

        if (_state.Current.Person is not null)
        {
            await ClearIfUnneededAsync();
        }
    }

    /// <summary>Deletes a state that nothing refers to any more. Not one that was never stored: some providers would store an empty one.</summary>
    private async Task ClearIfUnneededAsync()
    {
        if (!_state.Current.EndedCalls.Any(call => call.EndedAt >= RetainedSince) && (_state.Current.Person is not { } person || person.ExpiresAt <= time.GetUtcNow()))
        {
            await _state.WaitUntilIdleAsync();
            await _state.ClearAsync();
        }
    }
}
