using System.Globalization;
using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>Combines <see cref="CallReducer"/> with the decision of the policy. The functions are pure; every inbox uses them.</summary>
internal static class CallTransitions
{
    /// <summary>Applies a notification to the history of its call.</summary>
    public static CallTransition ApplyNotification(CallHistory? before, ReceivedCallNotification received)
    {
        var notification = received.Notification;
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        return Apply(before, key, CallFact.FromNotification(notification, received.ReceivedAt), received.Decision, notification, received.ReceivedAt);
    }

    /// <summary>Applies the expiry of the outcome timeout to the history of a call.</summary>
    public static CallTransition ApplyOutcomeTimeout(CallHistory before, CallDecision decision, DateTimeOffset now) =>
        Apply(before, before.Key, CallFact.CreateOutcomeUnknown(now), decision, notification: null, now);

    private static CallTransition Apply(
        CallHistory? before, CallKey key, CallFact fact, CallDecision decision, IncomingCallNotification? notification, DateTimeOffset receivedAt)
    {
        var change = CallReducer.Reduce(before, key, fact);
        if (change.IsDuplicate)
        {
            return new() { IsDuplicate = true, History = change.History, Call = change.Call };
        }

        // An outgoing call of the account has been seen to be reported as incoming: it raises no alert and makes no chat record.
        var isFromSelf = change.Call.Anomalies.HasFlag(CallAnomalies.FromSelf);
        var effectiveDecision = isFromSelf && decision.Kind == CallDecisionKind.Handle ? CallDecision.Handle() : decision;
        var raisesAlert = change.IsEvent && fact.Kind == CallEventKind.Offered && effectiveDecision.AlertOperator;
        // If the offer is not known here, an earlier process may have raised an alert for it.
        var endsAlert = change.IsEvent
            && CallProjection.OutcomeOf(fact.Kind) != CallOutcome.None
            && (change.History.HasAlert || change.Call.OfferedAt is null);
        var isStored = change.IsEvent && (effectiveDecision.Kind == CallDecisionKind.Handle || endsAlert);
        return new()
        {
            History = raisesAlert ? change.History.WithAlert() : change.History,
            Call = change.Call,
            RaisesOutcome = change.IsEvent && CallProjection.OutcomeOf(fact.Kind) > CallOutcome.Unknown,
            Event = !isStored ? null : new()
            {
                Id = CreateEventId(key, fact),
                Call = key,
                Kind = fact.Kind,
                PreviousOutcome = change.PreviousOutcome,
                Notification = notification,
                Decision = effectiveDecision,
                ConcernsAlert = raisesAlert || endsAlert,
                OccurredAt = fact.OccurredAt,
                ReceivedAt = receivedAt,
            },
        };
    }

    /// <summary>
    /// A call has at most one event of each kind, because outcomes only increase; each unknown status text makes one event. So the
    /// id needs no counter, and a process that has lost the history of the call creates the same id again.
    /// </summary>
    private static string CreateEventId(CallKey key, CallFact fact) => fact.Kind == CallEventKind.Unrecognized
        ? string.Create(CultureInfo.InvariantCulture, $"{key.IdInstance}/{key.IdMessage}/{fact.Kind}/{fact.Key}")
        : string.Create(CultureInfo.InvariantCulture, $"{key.IdInstance}/{key.IdMessage}/{fact.Kind}");
}

/// <summary>The change of a call that an inbox has to store.</summary>
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
