using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Instances;
using IncomingCalls.Policies;

namespace IncomingCalls.Inbox;

/// <summary>The entry point for entries of the call journal that nobody has asked for: calls of which the notifications were lost, or which another integration receives. Thread-safe.</summary>
[Experimental("ICEXP001")]
public sealed class CallJournalIntake
{
    private readonly ICallInbox _inbox;
    private readonly CallPolicyEvaluator _policy;
    private readonly CatchUpTracker _catchUp;
    private readonly TimeProvider _clock;

    internal CallJournalIntake(ICallInbox inbox, CallPolicyEvaluator policy, CatchUpTracker catchUp, TimeProvider time) =>
        (_inbox, _policy, _catchUp, _clock) = (inbox, policy, catchUp, inbox.Clock ?? time);

    /// <summary>Whether the inbox stores calls durably. One that does not would create the calls of the journal again after a restart.</summary>
    public bool IsDurable => _inbox.IsDurable;

    /// <summary>The current time of the inbox, in UTC.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Accepts an entry.</summary>
    /// <param name="key">The call.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="createsCall">Whether a call that no notification has announced is created. It never raises an alert.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be stored nevertheless.</param>
    /// <returns>A task whose result is what became of the entry.</returns>
    /// <exception cref="CallInboxUnavailableException">The entry was not accepted, or the options of the policy are invalid.</exception>
    public async ValueTask<JournalAcceptance> AcceptAsync(CallKey key, CallJournalEntry entry, bool createsCall, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!entry.HasOutcome)
        {
            return JournalAcceptance.Ignored;
        }

        if (_catchUp.IsCatchingUp(key.IdInstance))
        {
            // The notifications of the call may still be in the queue of the gateway.
            return JournalAcceptance.Postponed;
        }

        if (Decide(key, entry) is not { Kind: not CallDecisionKind.Discard } decision)
        {
            return JournalAcceptance.Ignored;
        }

        var notification = new IncomingCallNotification
        {
            IdMessage = key.IdMessage,
            Instance = new() { IdInstance = key.IdInstance },
            Direction = entry.Direction,
            RawStatus = CallStatusText.ToWire(entry.Status),
            From = entry.ChatId,
            Timestamp = entry.EndedAt,
        };
        try
        {
            var result = await _inbox.AcceptAsync(
                new() { Notification = notification, JournalEntry = entry, CreatesCall = createsCall, Decision = decision, ReceivedAt = Now }, cancellationToken).ConfigureAwait(false);
            return result.Outcome switch
            {
                IntakeOutcome.Discarded => JournalAcceptance.Unknown,
                IntakeOutcome.Duplicate => JournalAcceptance.Known,
                _ => createsCall ? JournalAcceptance.Accepted : JournalAcceptance.Known,
            };
        }
        catch (UnreadableCallException)
        {
            // Reported by the inbox; the call is there.
            return JournalAcceptance.Ignored;
        }
    }

    private CallDecision? Decide(CallKey key, CallJournalEntry entry)
    {
        try
        {
            return _policy.Decide(new() { Kind = CallFact.FromJournal(entry).Kind, Direction = entry.Direction, IdInstance = key.IdInstance });
        }
        catch (CallPolicyException)
        {
            // Logged by the evaluator. Another evaluation would fail again.
            return null;
        }
    }
}

/// <summary>What became of an entry of the call journal.</summary>
[Experimental("ICEXP001")]
public enum JournalAcceptance
{
    /// <summary>Nothing: it has no outcome, or the policy discards it.</summary>
    Ignored = 0,

    /// <summary>No notification has announced the call, and it was not to be created.</summary>
    Unknown,

    /// <summary>The call is known; the entry may have changed it.</summary>
    Known,

    /// <summary>The call was created or changed.</summary>
    Accepted,

    /// <summary>Nothing yet: the instance is catching up.</summary>
    Postponed,
}
