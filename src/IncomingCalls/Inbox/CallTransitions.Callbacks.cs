using IncomingCalls.Calls;
using IncomingCalls.Inbox.State;

namespace IncomingCalls.Inbox;

/// <content>The persons and their callbacks.</content>
public sealed partial class CallTransitions
{
    /// <summary>Finds the person that a call belongs to, which an inbox stores beside the call.</summary>
    /// <param name="state">The call, or the closing of a callback.</param>
    /// <returns>The person; null for an anonymous caller and for a group.</returns>
    public Person? FindPerson(CallState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Person.Of(CallProjection.Project(state.History).Caller.ChatId, state.History.Key.IdInstance, FindAccount(state.History.Key.IdInstance));
    }

    /// <summary>Applies what a change of a call means for a person. To be written in the transaction that stores the call.</summary>
    /// <param name="before">The stored state of the person; null when there is none.</param>
    /// <param name="contact">An item of <see cref="StateTransition.Contacts"/>.</param>
    /// <returns>The transition to write.</returns>
    public PersonTransition ApplyContact(PersonState? before, PersonContact contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        return CallbackReducer.Apply(before, contact, _time.GetUtcNow());
    }

    /// <summary>Closes the callback of a person on behalf of the host.</summary>
    /// <param name="before">The stored state of the person; null when there is none.</param>
    /// <param name="request">The arguments of the host.</param>
    /// <returns>The transition to write.</returns>
    public PersonTransition CloseCallback(PersonState? before, CallbackCloseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CallbackReducer.Close(before, request.Person, request.At, request.By, request.Note, _time.GetUtcNow());
    }

    /// <summary>Gets the key under which the event of a closed callback is stored, as if it were a call.</summary>
    /// <param name="closed">The callback.</param>
    /// <returns>The key.</returns>
    public static CallKey GetCallbackKey(ClosedCallback closed)
    {
        ArgumentNullException.ThrowIfNull(closed);
        return CallbackEvents.KeyOf(closed);
    }

    /// <summary>Creates the event of a closed callback. To be written in the transaction that closes it.</summary>
    /// <param name="before">The stored state under <see cref="GetCallbackKey"/>; null when there is none.</param>
    /// <param name="closed">The callback.</param>
    /// <returns>The transition to write; null when no handler receives the event, or it was stored before.</returns>
    public StateTransition? CreateCallbackEvent(CallState? before, ClosedCallback closed)
    {
        ArgumentNullException.ThrowIfNull(closed);
        var stored = CallbackEvents.CreateEvent(closed, _time.GetUtcNow());
        if (before is not null || _catalog.HandlersFor(stored).Length == 0)
        {
            return null;
        }

        var history = CallbackEvents.CreateHistory(closed, stored.ReceivedAt);
        var transition = new CallTransition { History = history, Call = CallProjection.Project(history), Event = stored };
        return DeliveryLifecycle.Add(before, transition, CreatePendingEvent(transition, stored.OccurredAt, traceParent: null, traceState: null, []), outcomeDueAt: null, stored.ReceivedAt);
    }

    /// <summary>Adds what a change of a call means for persons. Only a call with an outcome concerns one.</summary>
    private StateTransition WithContacts(StateTransition transition, CallHistory? before, Call after)
    {
        if (after.Outcome <= CallOutcome.Unknown)
        {
            return transition;
        }

        var account = FindAccount(after.Key.IdInstance);
        var contactBefore = before is null ? null : CallbackReducer.FindContact(CallProjection.Project(before), account);
        return CallbackReducer.FindChanges(contactBefore, CallbackReducer.FindContact(after, account)) is { Count: > 0 } contacts ? transition with { Contacts = contacts } : transition;
    }

    private string? FindAccount(long idInstance) => _instances.Find(idInstance)?.Account;
}
