using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Telemetry;

namespace IncomingCalls.Orleans.Calls;

/// <content>The person of the call, and the event of a closed callback, which is stored like a call.</content>
internal sealed partial class CallGrain
{
    private Task? _applyingContacts;
    private bool _hasPersonFailed;

    public async Task CloseCallbackAsync(JsonPayload closed)
    {
        var callback = closed.ToModel<ClosedCallback>();
        StateTransition? transition = null;
        await _state.ApplyAsync(state => (transition = _transitions.CreateCallbackEvent(state.Call, callback)) is null ? state : state.WithTransition(transition, _context.Buckets.ChooseBucket));
        if (transition is not null)
        {
            _transitions.ReportCommitted(transition);
        }

        ContinueWork();
    }

    public async Task<ErasedCall?> EraseAsync(JsonPayload report)
    {
        await _state.ReloadAsync();
        if (State.Call is not { } call)
        {
            return null;
        }

        var person = _transitions.FindPerson(call);
        var subject = ErasedSubject.ForReport(report.ToModel<ErasureReport>());
        if (_context.Instances.Find(call.History.Key.IdInstance) is { } instance)
        {
            subject.WithAccounts([(instance.IdInstance, instance.Account)]);
        }

        if (!subject.Covers(call.History))
        {
            return null;
        }

        var erased = new ErasedCall { Deliveries = call.PendingCount, DeadLetters = State.DeadLetters.Count, Person = person is null ? null : JsonPayload.FromModel(person) };
        // What is still running finds no call when it ends.
        await _state.ApplyAsync(static state => state with { Call = null, DeadLetters = [], Contacts = null, Bucket = null });
        _wakeUp.ReportState(State);
        await _state.WaitUntilIdleAsync();
        if (State.Call is null)
        {
            await _state.ClearAsync();
            DeactivateOnIdle();
        }

        return erased;
    }

    /// <summary>Removes a deleted call from the list of its person. If that fails, the list contains it until it would be removed anyway.</summary>
    private async Task RemoveFromPersonAsync(CallState? deleted)
    {
        if (deleted is null || _transitions.FindPerson(deleted) is not { } person)
        {
            return;
        }

        try
        {
            await FindPerson(person).RemoveCallAsync(deleted.History.Key.ToString());
        }
        catch (Exception e)
        {
            _context.Logger.GrainUnreachable(nameof(IPersonGrain), e);
        }
    }

    private IPersonGrain FindPerson(Person person) => _context.Grains.GetGrain<IPersonGrain>(PersonHash.Of(person).GrainKey);

    /// <summary>
    /// Applies what the call means for persons, before the notification is acknowledged. It is stored with the call until then, so the redelivery of a notification that was not acknowledged
    /// applies it. Applying it twice changes nothing, so the call is not written again for it.
    /// </summary>
    private Task ApplyContactsAsync() => _applyingContacts is { IsCompleted: false } running ? running : _applyingContacts = ApplyStoredContactsAsync();

    private async Task ApplyStoredContactsAsync()
    {
        try
        {
            do
            {
                while (State.Contacts is [var contact, ..])
                {
                    await FindPerson(contact.Person).ApplyAsync(JsonPayload.FromModel(contact));
                    _state.ApplyLazily(state => state.WithoutContact(contact));
                    _isListed = true;
                }

                await ListCallAsync();
            }
            while (State.Contacts is not null);
            _hasPersonFailed = false;
        }
        catch (Exception)
        {
            _hasPersonFailed = true;
            throw;
        }
    }

    /// <summary>A call without an outcome means nothing for a callback. The person lists it all the same, so that it can be erased; while it is pending, its bucket does.</summary>
    private async Task ListCallAsync()
    {
        if (!_isListed && State.Call is { OutcomeDueAt: null } call && _transitions.FindPerson(call) is { } person)
        {
            await FindPerson(person).AddCallAsync(call.History.Key.ToString(), call.TouchedAt);
            _isListed = true;
        }
    }
}
