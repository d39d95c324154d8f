using IncomingCalls.Inbox.State;

namespace IncomingCalls.Inbox;

/// <content>The dead letters.</content>
public sealed partial class CallTransitions
{
    /// <summary>Sets the account of a dead letter, which operators filter by, to that of its instance. An instance that is no longer listed has none.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <returns>The dead letter with the account.</returns>
    public DeadLetterEntry WithAccount(DeadLetterEntry letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return letter with { Account = _instances.Find(letter.Event.Call.IdInstance)?.Account };
    }

    /// <summary>Replays a dead letter: makes it a pending delivery again.</summary>
    /// <param name="before">The current state; null when the call is no longer stored, so that it is restored from this event.</param>
    /// <param name="letter">The dead letter.</param>
    /// <returns>The transition to write. The dead letter must be deleted in the same transaction.</returns>
    public StateTransition Replay(CallState? before, DeadLetterEntry letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return DeliveryLifecycle.Replay(before, letter, _time.GetUtcNow());
    }

    /// <summary>Counts a dead letter that an inbox has made without a transition. To be called once the dead letter is committed.</summary>
    /// <param name="letter">The dead letter.</param>
    public void ReportCommitted(DeadLetterEntry letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        _metrics.RecordGivenUp(letter.Event.Call.IdInstance, letter.Handler);
    }
}
