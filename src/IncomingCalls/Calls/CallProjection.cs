using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>The call that a set of facts describes. Pure, and blind to the order of arrival.</summary>
internal static class CallProjection
{
    public static Call Of(CallHistory history)
    {
        var facts = history.Facts;
        var outcome = facts.Max(fact => OutcomeOf(fact.Kind));
        var offeredAt = facts.Where(fact => fact.Kind == CallEventKind.Offered).OrderBy(Authority).Select(Time).FirstOrDefault();
        var outcomeAt = outcome > CallOutcome.Unknown
            ? facts.Where(fact => OutcomeOf(fact.Kind) == outcome).Min(Time)
            : null;
        // Which `from` is the caller: the offer's, see Authority; equals are ordered by their keys, since facts are.
        var caller = facts.Where(NamesCaller).OrderBy(Authority).FirstOrDefault();
        return new()
        {
            Key = history.Key,
            Caller = caller?.From is { } from ? new() { ChatId = from } : Caller.Anonymous,
            OfferedAt = offeredAt,
            Outcome = outcome,
            // Clocks of two servers disagree; a call does not end before it began.
            OutcomeAt = outcomeAt < offeredAt ? offeredAt : outcomeAt,
            Version = VersionOf(outcome, facts),
            Anomalies = Anomalies(facts, caller, reversed: outcomeAt < offeredAt),
        };
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
    private static int VersionOf(CallOutcome outcome, IReadOnlyList<CallFact> facts) => ((int)outcome * 2 * CallHistory.MaxFacts) + facts.Count;

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

    private static DateTimeOffset? Time(CallFact fact) => fact.OccurredAt;

    private static CallAnomalies Anomalies(IReadOnlyList<CallFact> facts, CallFact? caller, bool reversed)
    {
        var result = reversed ? CallAnomalies.TimesReversed : CallAnomalies.None;
        if (facts.Count(fact => OutcomeOf(fact.Kind) > CallOutcome.Unknown) > 1)
        {
            result |= CallAnomalies.SeveralOutcomes;
        }

        if (facts.Any(fact => fact.From is not null && fact.From != caller?.From))
        {
            result |= CallAnomalies.OtherFrom;
        }

        return caller is { IsFromSelf: true } ? result | CallAnomalies.FromSelf : result;
    }
}
