using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>The call that a set of facts describes. Pure, and blind to the order of arrival.</summary>
internal static class CallProjection
{
    public static Call Project(CallHistory history)
    {
        // In one pass, without LINQ: a call is made of its facts two or three times per notification, and the queries allocated
        // more than everything else there.
        var outcome = CallOutcome.None;
        var outcomes = 0;
        DateTimeOffset? outcomeAt = null;
        CallFact? offer = null;
        CallFact? caller = null;
        for (var i = 0; i < history.Facts.Count; i++)
        {
            var fact = history.Facts[i];
            var raised = OutcomeOf(fact.Kind);
            outcomes += raised > CallOutcome.Unknown ? 1 : 0;
            if (raised > CallOutcome.Unknown && (raised > outcome || (raised == outcome && fact.OccurredAt < outcomeAt)))
            {
                outcomeAt = fact.OccurredAt;
            }

            outcome = raised > outcome ? raised : outcome;
            offer = fact.Kind == CallEventKind.Offered ? MoreAuthoritative(offer, fact) : offer;
            // Which `from` is the caller: the offer's, see Authority; equals are ordered by their keys, since facts are.
            caller = NamesCaller(fact) ? MoreAuthoritative(caller, fact) : caller;
        }

        var isReversed = outcomeAt < offer?.OccurredAt;
        return new()
        {
            Key = history.Key,
            Caller = caller?.From is { } from ? new() { ChatId = from } : Caller.Anonymous,
            OfferedAt = offer?.OccurredAt,
            Outcome = outcome,
            // Clocks of two servers disagree; a call does not end before it began.
            OutcomeAt = isReversed ? offer!.OccurredAt : outcomeAt,
            Version = VersionOf(outcome, history.Facts.Count),
            Anomalies = (isReversed ? CallAnomalies.TimesReversed : CallAnomalies.None)
                | (outcomes > 1 ? CallAnomalies.SeveralOutcomes : CallAnomalies.None)
                | (HasOtherFrom(history.Facts, caller) ? CallAnomalies.OtherFrom : CallAnomalies.None)
                | (caller is { IsFromSelf: true } ? CallAnomalies.FromSelf : CallAnomalies.None),
        };
    }

    /// <summary>The outcome alone, for whoever needs no more of the call.</summary>
    public static CallOutcome OutcomeOf(CallHistory history)
    {
        var outcome = CallOutcome.None;
        for (var i = 0; i < history.Facts.Count; i++)
        {
            var raised = OutcomeOf(history.Facts[i].Kind);
            outcome = raised > outcome ? raised : outcome;
        }

        return outcome;
    }

    public static CallOutcome OutcomeOf(CallEventKind kind) => kind switch
    {
        CallEventKind.Answered => CallOutcome.Answered,
        CallEventKind.Dropped => CallOutcome.Dropped,
        CallEventKind.Missed => CallOutcome.Missed,
        CallEventKind.OutcomeUnknown => CallOutcome.Unknown,
        _ => CallOutcome.None,
    };

    /// <summary>
    /// Both parts only grow. The outcome counts for more than any number of facts, so that a process that forgot the offer
    /// still makes a higher version of the outcome than the offer's was.
    /// </summary>
    private static int VersionOf(CallOutcome outcome, int facts) => ((int)outcome * 2 * CallHistory.MaxFacts) + facts;

    /// <summary>
    /// Outcomes were seen with the `from` of whoever ended the call, the instance itself included: that is no caller, and no proof
    /// that the account placed the call. Only what says that it rings may say so.
    /// </summary>
    private static bool NamesCaller(CallFact fact) => fact.From is not null && (fact.Kind == CallEventKind.Offered || !fact.IsFromSelf);

    /// <summary>Lower is believed first.</summary>
    private static int Authority(CallFact fact) => fact switch
    {
        { Key: "offer" } => 0,
        { Kind: CallEventKind.Offered } => 1,
        _ => 2,
    };

    private static CallFact MoreAuthoritative(CallFact? first, CallFact next) => first is not null && Authority(first) <= Authority(next) ? first : next;

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
