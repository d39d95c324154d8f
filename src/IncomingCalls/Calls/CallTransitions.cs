using System.Globalization;
using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>Brings the reducer and the policy's decision together: pure, the same for every inbox.</summary>
internal static class CallTransitions
{
    /// <summary>A notification arrived.</summary>
    public static CallTransition ApplyNotification(CallHistory? before, ReceivedCallNotification received)
    {
        var notification = received.Notification;
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        return ApplyNotification(before, key, CallFact.FromNotification(notification, received.ReceivedAt), received.Decision, notification, received.ReceivedAt);
    }

    /// <summary>No outcome came in time.</summary>
    public static CallTransition ApplyOutcomeTimeout(CallHistory before, CallDecision decision, DateTimeOffset now) =>
        ApplyNotification(before, before.Key, CallFact.CreateOutcomeUnknown(now), decision, notification: null, now);

    private static CallTransition ApplyNotification(
        CallHistory? before, CallKey key, CallFact fact, CallDecision decision, IncomingCallNotification? notification, DateTimeOffset receivedAt)
    {
        var change = CallReducer.Reduce(before, key, fact);
        if (change.IsDuplicate)
        {
            return new() { IsDuplicate = true, History = change.History, Call = change.Call };
        }

        // A call that the account placed itself was seen reported as incoming: nobody is alerted and no chat told.
        var fromSelf = change.Call.Anomalies.HasFlag(CallAnomalies.FromSelf);
        var final = fromSelf && decision.Kind == CallDecisionKind.Handle ? CallDecision.Handle() : decision;
        var raises = change.IsEvent && fact.Kind == CallEventKind.Offered && final.AlertOperator;
        // Without an offer, an earlier process may have raised an alert that this one knows nothing of.
        var withdraws = change.IsEvent
            && CallProjection.OutcomeOf(fact.Kind) != CallOutcome.None
            && (change.History.HasAlert || change.Call.OfferedAt is null);
        var isKept = change.IsEvent && (final.Kind == CallDecisionKind.Handle || withdraws);
        return new()
        {
            History = raises ? change.History.WithAlert() : change.History,
            Call = change.Call,
            RaisesOutcome = change.IsEvent && CallProjection.OutcomeOf(fact.Kind) > CallOutcome.Unknown,
            Event = !isKept ? null : new()
            {
                Id = CreateEventId(key, fact),
                Call = key,
                Kind = fact.Kind,
                PreviousOutcome = change.PreviousOutcome,
                Notification = notification,
                Decision = final,
                ConcernsAlert = raises || withdraws,
                OccurredAt = fact.OccurredAt,
                ReceivedAt = receivedAt,
            },
        };
    }

    /// <summary>
    /// Each kind makes at most one event of a call, since outcomes only rise; unknown texts make one each. So the id needs no
    /// counter, and a process that forgot everything makes the same one again.
    /// </summary>
    private static string CreateEventId(CallKey key, CallFact fact) => fact.Kind == CallEventKind.Unrecognized
        ? string.Create(CultureInfo.InvariantCulture, $"{key.IdInstance}/{key.IdMessage}/{fact.Kind}/{fact.Key}")
        : string.Create(CultureInfo.InvariantCulture, $"{key.IdInstance}/{key.IdMessage}/{fact.Kind}");
}

/// <summary>What an inbox has to keep after something happened to a call.</summary>
internal sealed class CallTransition
{
    /// <summary>Whether this was known before; then there is nothing to keep.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>What is known of the call now.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The call now.</summary>
    public required Call Call { get; init; }

    /// <summary>Whether the call got its outcome by this, or a higher one; also where that is no event.</summary>
    public bool RaisesOutcome { get; init; }

    /// <summary>The event that handlers are owed; null when the call was only updated.</summary>
    public StoredCallEvent? Event { get; init; }
}
