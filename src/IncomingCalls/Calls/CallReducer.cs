using System.Globalization;
using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>
/// The state machine of a call: adds a fact to the history of a call and creates the event that follows from it, if any. The functions are
/// pure; every inbox uses them.
/// </summary>
internal static class CallReducer
{
    /// <summary>Accepts a notification.</summary>
    /// <param name="before">The history so far; null for an unknown call.</param>
    /// <param name="received">The notification with the decision of the policy.</param>
    /// <param name="treatments">How group calls and calls of the own number are treated.</param>
    public static CallTransition Accept(CallHistory? before, ReceivedCallNotification received, CallTreatments treatments = default)
    {
        var notification = received.Notification;
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        return Reduce(
            before ?? new() { Key = key, FirstReceivedAt = received.ReceivedAt },
            CallFact.FromNotification(received),
            received.Decision,
            treatments,
            notification,
            received.ReceivedAt);
    }

    /// <summary>Resolves the missing outcome of a call: adds the fact that no outcome was reported in time.</summary>
    public static CallTransition ResolveOutcome(CallHistory before, CallDecision decision, DateTimeOffset now, CallTreatments treatments = default) =>
        Reduce(before, CallFact.CreateOutcomeUnknown(now), decision, treatments, notification: null, now);

    /// <summary>Accepts what the call journal reports of a call.</summary>
    public static CallTransition Accept(CallHistory before, CallJournalEntry entry, CallDecision decision, DateTimeOffset now, CallTreatments treatments = default) =>
        Reduce(before, CallFact.FromJournal(entry), decision, treatments, notification: null, now, entry);

    private static CallTransition Reduce(
        CallHistory before, CallFact fact, CallDecision decision, CallTreatments treatments, IncomingCallNotification? notification, DateTimeOffset receivedAt, CallJournalEntry? entry = null)
    {
        if (before.Contains(fact))
        {
            return new() { IsDuplicate = true, History = before, Call = CallProjection.Project(before) };
        }

        var previousFact = CallProjection.FindOutcome(before);
        var previous = previousFact is null ? CallOutcome.None : CallProjection.OutcomeOf(previousFact.Kind);
        var history = before.With(fact);
        var call = CallProjection.Project(history);
        var outcome = CallProjection.OutcomeOf(fact.Kind);
        var isEvent = fact.Kind switch
        {
            CallEventKind.Unrecognized => true,
            // An offer after an outcome, or a second offer, changes nothing: the call is known to ring, or no longer rings.
            CallEventKind.Offered => previous == CallOutcome.None && !before.IsOffered,
            // A notification may confirm what the journal has reported. An own call that was reported as an answered incoming one becomes an outgoing one.
            _ => (outcome != previous && CallProjection.IsHigher(fact, previousFact))
                || (outcome == previous && fact is { IsFromJournal: true, Direction: CallDirection.Outgoing } && previousFact is { Direction: CallDirection.Incoming }),
        };

        var effectiveDecision = treatments.Apply(decision, call);
        var raisesAlert = isEvent && fact.Kind == CallEventKind.Offered && effectiveDecision.AlertOperator;
        // If the offer is not known here, an earlier process may have raised an alert for it. An outgoing call has none.
        var endsAlert = isEvent && outcome != CallOutcome.None && (history.HasAlert || (call.OfferedAt is null && call.Direction == CallDirection.Incoming));
        var isStored = isEvent && (effectiveDecision.Kind == CallDecisionKind.Handle || endsAlert);
        return new()
        {
            History = raisesAlert ? history.WithAlert() : history,
            Call = call,
            RaisesOutcome = isEvent && outcome > CallOutcome.Unknown,
            Event = !isStored ? null : new()
            {
                Id = CreateEventId(before.Key, fact),
                Call = before.Key,
                Kind = fact.Kind,
                Direction = call.Direction,
                PreviousOutcome = previous,
                Notification = notification,
                JournalEntry = entry,
                Decision = effectiveDecision,
                ConcernsAlert = raisesAlert || endsAlert,
                OccurredAt = fact.OccurredAt,
                ReceivedAt = receivedAt,
            },
        };
    }

    /// <summary>
    /// A call has at most one event of each kind, because outcomes only increase; each unknown status text makes one event. So the
    /// id needs no counter, and a process that has lost the history of the call creates the same id again. An outcome from the journal, which notifications can
    /// replace, is told apart: they can report its kind after another one.
    /// </summary>
    private static string CreateEventId(CallKey key, CallFact fact) =>
        fact.Kind == CallEventKind.Unrecognized ? string.Create(CultureInfo.InvariantCulture, $"{key.IdInstance}/{key.IdMessage}/{fact.Kind}/{fact.Key}")
        : fact.IsFromJournal ? string.Create(CultureInfo.InvariantCulture, $"{key.IdInstance}/{key.IdMessage}/{fact.Kind}/Journal")
        : string.Create(CultureInfo.InvariantCulture, $"{key.IdInstance}/{key.IdMessage}/{fact.Kind}");
}

/// <summary>The result of <see cref="CallReducer"/>: the change of a call that an inbox has to store.</summary>
internal sealed class CallTransition
{
    /// <summary>Whether the fact was known before; then there is nothing to store.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>The history of the call after the change.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The call after the change.</summary>
    public required Call Call { get; init; }

    /// <summary>Whether the change gives the call an outcome or a higher outcome, even if no event is stored for it.</summary>
    public bool RaisesOutcome { get; init; }

    /// <summary>The event for the handlers; null when the call was only updated.</summary>
    public StoredCallEvent? Event { get; init; }
}
