using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>Computes a call from its facts. The functions are pure and do not depend on the order of arrival.</summary>
internal static class CallProjection
{
    public static Call Project(CallHistory history)
    {
        // In one pass and without LINQ: the call is computed two or three times per notification, and the queries allocated more
        // than everything else in that path.
        var outcome = CallOutcome.None;
        var outcomes = 0;
        DateTimeOffset? outcomeAt = null;
        CallFact? offer = null;
        CallFact? caller = null;
        CallFact? callerWithNumber = null;
        var isFromSelf = false;
        var isOutgoing = false;
        for (var i = 0; i < history.Facts.Count; i++)
        {
            var fact = history.Facts[i];
            var raised = OutcomeOf(fact.Kind);
            outcomes += raised > CallOutcome.Unknown ? 1 : 0;
            if (raised > CallOutcome.Unknown && (IsHigher(raised, outcome) || (raised == outcome && fact.OccurredAt < outcomeAt)))
            {
                outcomeAt = fact.OccurredAt;
            }

            outcome = IsHigher(raised, outcome) ? raised : outcome;
            isOutgoing |= fact.Direction == CallDirection.Outgoing;
            offer = fact.Kind == CallEventKind.Offered ? SelectPreferred(offer, fact) : offer;
            // The offer's `from` is the caller, see GetPrecedence. Facts of equal precedence are ordered by key, because the facts are sorted.
            caller = NamesCaller(fact) ? SelectPreferred(caller, fact) : caller;
            callerWithNumber = NamesCaller(fact) && fact.From!.Value.Kind == ChatIdKind.Phone ? SelectPreferred(callerWithNumber, fact) : callerWithNumber;
            isFromSelf |= fact is { Kind: CallEventKind.Offered, IsFromSelf: true };
        }

        // The gateway has reported outgoing calls as incoming, too. Its report of the outgoing call is the truth about it.
        isFromSelf &= !isOutgoing;
        // A linked id and the phone number of another notification are the same caller.
        caller = caller?.From?.Kind == ChatIdKind.Lid ? callerWithNumber ?? caller : caller;

        offer = isOutgoing ? null : offer;
        var isReversed = outcomeAt < offer?.OccurredAt;
        return new()
        {
            Key = history.Key,
            Direction = isOutgoing ? CallDirection.Outgoing : CallDirection.Incoming,
            // The own number says nothing about who called.
            Caller = caller?.From is { } from && !isFromSelf ? new() { ChatId = from } : Caller.Anonymous,
            OfferedAt = offer?.OccurredAt,
            Outcome = outcome,
            // The clocks of the gateway's servers can differ; a call does not end before it begins.
            OutcomeAt = isReversed ? offer!.OccurredAt : outcomeAt,
            Version = VersionOf(outcome, history.Facts.Count),
            Anomalies = (isReversed ? CallAnomalies.TimesReversed : CallAnomalies.None)
                | (outcomes > 1 ? CallAnomalies.SeveralOutcomes : CallAnomalies.None)
                | (HasOtherFrom(history.Facts, caller) ? CallAnomalies.OtherFrom : CallAnomalies.None)
                | (isFromSelf ? CallAnomalies.FromSelf : CallAnomalies.None),
        };
    }

    /// <summary>Gets the outcome alone, without computing the call.</summary>
    public static CallOutcome OutcomeOf(CallHistory history)
    {
        var outcome = CallOutcome.None;
        for (var i = 0; i < history.Facts.Count; i++)
        {
            var raised = OutcomeOf(history.Facts[i].Kind);
            outcome = IsHigher(raised, outcome) ? raised : outcome;
        }

        return outcome;
    }

    /// <summary>Gets the rank of an outcome: a higher one replaces a lower one. Outcomes of outgoing calls have the ranks of the incoming ones that they correspond to.</summary>
    public static int RankOf(CallOutcome outcome) => outcome switch
    {
        CallOutcome.NotAnswered => (int)CallOutcome.Dropped,
        CallOutcome.Failed => (int)CallOutcome.Missed,
        _ => (int)outcome,
    };

    public static CallOutcome OutcomeOf(CallEventKind kind) => kind switch
    {
        CallEventKind.Answered => CallOutcome.Answered,
        CallEventKind.Dropped => CallOutcome.Dropped,
        CallEventKind.Missed => CallOutcome.Missed,
        CallEventKind.OutcomeUnknown => CallOutcome.Unknown,
        CallEventKind.NotAnswered => CallOutcome.NotAnswered,
        CallEventKind.Failed => CallOutcome.Failed,
        _ => CallOutcome.None,
    };

    /// <summary>
    /// Both parts only increase. The outcome weighs more than any number of facts, so that a process whose history of the call was
    /// lost after the offer still gives the outcome a higher version than the offer had.
    /// </summary>
    private static int VersionOf(CallOutcome outcome, int facts) => (RankOf(outcome) * 2 * CallHistory.MaxUnrecognizedFacts) + facts;

    /// <summary>
    /// Outcomes have been seen with the `from` of the party that ended the call, including the instance itself. That party is not
    /// necessarily the caller, and does not prove that the account placed the call. Only an offer can prove that.
    /// </summary>
    private static bool NamesCaller(CallFact fact) => fact.From is not null && (fact.Kind == CallEventKind.Offered || fact.Direction == CallDirection.Outgoing || !fact.IsFromSelf);

    /// <summary>Gets the precedence of a fact as the source of the caller and the offer; a lower number takes precedence.</summary>
    private static int GetPrecedence(CallFact fact) => fact switch
    {
        { Direction: CallDirection.Outgoing } => 0,
        { Key: "offer" } => 1,
        { Kind: CallEventKind.Offered } => 2,
        _ => 3,
    };

    /// <summary>Of a call that is reported in both directions, the report of the outgoing call takes precedence where the ranks are equal.</summary>
    private static bool IsHigher(CallOutcome outcome, CallOutcome than) =>
        RankOf(outcome) > RankOf(than) || (RankOf(outcome) == RankOf(than) && outcome > than);

    private static CallFact SelectPreferred(CallFact? first, CallFact next) => first is not null && GetPrecedence(first) <= GetPrecedence(next) ? first : next;

    private static bool HasOtherFrom(IReadOnlyList<CallFact> facts, CallFact? caller)
    {
        for (var i = 0; i < facts.Count; i++)
        {
            if (facts[i].From is { } from && from != caller?.From)
            {
                return true;
            }
        }

        return false;
    }
}
