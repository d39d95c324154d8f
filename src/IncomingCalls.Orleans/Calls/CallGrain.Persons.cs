using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.Calls;

/// <content>The person of the call, and the event of a closed callback, which is stored like a call.</content>
internal sealed partial class CallGrain
{
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

    /// <summary>
    /// Applies what the call means for persons, before the notification is acknowledged. It is stored with the call until then, so the redelivery of a notification that was not acknowledged
    /// applies it. Applying it twice changes nothing, so the call is not written again for it.
    /// </summary>
    private async Task ApplyContactsAsync()
    {
        while (State.Contacts is [var contact, ..])
        {
            await _context.Grains.GetGrain<IPersonGrain>(PersonHash.Of(contact.Person).GrainKey).ApplyAsync(JsonPayload.FromModel(contact));
            _state.ApplyLazily(state => state.WithoutContact(contact));
        }
    }
}
