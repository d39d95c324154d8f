using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>Computes a call from its facts. The functions are pure and do not depend on the order of arrival.</summary>
internal static class CallProjection
{
    public static Call Project(CallHistory history)
    {
        // In one pass and without LINQ: the call is computed two or three times per notification, and the queries allocated more
        // than everything else in that path.
        CallFact? outcomeFact = null;
        var outcomes = 0;
        DateTimeOffset? outcomeAt = null;
        CallFact? offer = null;
        CallFact? caller = null;
        CallFact? callerWithNumber = null;
        CallFact? journalCaller = null;
        var isFromSelf = false;
        var isOutgoing = false;
        var hasNotification = false;
        for (var i = 0; i < history.Facts.Count; i++)
        {
            var fact = history.Facts[i];
            var raised = OutcomeOf(fact.Kind);
            outcomes += raised > CallOutcome.Unknown && !fact.IsFromJournal ? 1 : 0;
            if (raised > CallOutcome.Unknown && (IsHigher(fact, outcomeFact) || (RankOf(fact) == RankOf(outcomeFact!) && raised == OutcomeOf(outcomeFact!.Kind) && fact.OccurredAt < outcomeAt)))
            {
                outcomeAt = fact.OccurredAt;
            }

            outcomeFact = IsHigher(fact, outcomeFact) ? fact : outcomeFact;
            isOutgoing |= fact.Direction == CallDirection.Outgoing;
            hasNotification |= !fact.IsFromJournal && fact.Key != CallFact.OutcomeUnknownKey;
            journalCaller = fact is { IsFromJournal: true, Direction: CallDirection.Incoming, From: not null } ? SelectPreferred(journalCaller, fact) : journalCaller;
            offer = fact.Kind == CallEventKind.Offered ? SelectPreferred(offer, fact) : offer;
            // The offer's `from` is the caller, see GetPrecedence. Facts of equal precedence are ordered by key, because the facts are sorted.
            caller = NamesCaller(fact) ? SelectPreferred(caller, fact) : caller;
            callerWithNumber = NamesCaller(fact) && fact is { IsFromSelf: false, From.Kind: ChatIdKind.Phone } ? SelectPreferred(callerWithNumber, fact) : callerWithNumber;
            isFromSelf |= fact is { Kind: CallEventKind.Offered, IsFromSelf: true };
        }

        // The gateway has reported outgoing calls as incoming, too. Its report of the outgoing call is the truth about it.
        isFromSelf &= !isOutgoing;
        if (isFromSelf && journalCaller?.From != caller?.From)
        {
            // The journal knows who called where the notifications name the instance itself.
            (caller, isFromSelf) = (journalCaller ?? caller, journalCaller is null);
        }

        // A linked id and the phone number of another notification are the same caller.
        caller = caller?.From?.Kind == ChatIdKind.Lid ? callerWithNumber ?? caller : caller;

        offer = isOutgoing ? null : offer;
        var outcome = outcomeFact is null ? CallOutcome.None : OutcomeOf(outcomeFact.Kind);
        var isReversed = outcomeAt < offer?.OccurredAt;
        return new()
        {
            Key = history.Key,
            Direction = isOutgoing ? CallDirection.Outgoing : CallDirection.Incoming,
            // The own number says nothing about who called.
            Caller = caller?.From is { } from && !isFromSelf ? new() { ChatId = from } : Caller.Anonymous,
            OfferedAt = offer?.OccurredAt,
            Source = hasNotification || history.Facts.Count == 0 ? CallSource.Notification : CallSource.Journal,
            Outcome = outcome,
            OutcomeSource = outcomeFact is { IsFromJournal: true } ? CallSource.Journal : CallSource.Notification,
            // The clocks of the gateway's servers can differ; a call does not end before it begins.
            OutcomeAt = isReversed ? offer!.OccurredAt : outcomeAt,
            Version = VersionOf(outcomeFact, history.Facts.Count),
            Anomalies = (isReversed ? CallAnomalies.TimesReversed : CallAnomalies.None)
                | (outcomes > 1 ? CallAnomalies.SeveralOutcomes : CallAnomalies.None)
                | (HasOtherFrom(history.Facts, caller) ? CallAnomalies.OtherFrom : CallAnomalies.None)
                | (isFromSelf ? CallAnomalies.FromSelf : CallAnomalies.None),
        };
    }

    /// <summary>Whether an offer of a call names the instance itself, whatever else is known of the call.</summary>
    public static bool IsOfferedBySelf(CallHistory history)
    {
        for (var i = 0; i < history.Facts.Count; i++)
        {
            if (history.Facts[i] is { Kind: CallEventKind.Offered, IsFromSelf: true })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the fact that determines the outcome, without computing the call; null when no fact is an outcome.</summary>
    public static CallFact? FindOutcome(CallHistory history)
    {
        CallFact? highest = null;
        for (var i = 0; i < history.Facts.Count; i++)
        {
            highest = IsHigher(history.Facts[i], highest) ? history.Facts[i] : highest;
        }

        return highest;
    }

    /// <summary>
    /// Whether a fact is an outcome that replaces another. Of a call that is reported in both directions, the report of the outgoing call takes precedence where the ranks are equal.
    /// </summary>
    public static bool IsHigher(CallFact fact, CallFact? than) =>
        OutcomeOf(fact.Kind) is > CallOutcome.None and var outcome
        && (than is null || RankOf(fact) > RankOf(than) || (RankOf(fact) == RankOf(than) && outcome > OutcomeOf(than.Kind)));

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
    private static int VersionOf(CallFact? outcome, int facts) => ((outcome is null ? 0 : RankOf(outcome)) * 2 * CallHistory.MaxUnrecognizedFacts) + facts;

    /// <summary>
    /// Gets the rank of an outcome: a higher one replaces a lower one. Outcomes of outgoing calls have the ranks of the incoming ones that they correspond to. What the journal says of an
    /// unanswered incoming call has a lower rank than what a notification says: whether its <c>hungUp</c> is a refusal is not documented.
    /// </summary>
    private static int RankOf(CallFact fact) => OutcomeOf(fact.Kind) switch
    {
        CallOutcome.Unknown => 1,
        CallOutcome.Missed => fact.IsFromJournal ? 2 : 4,
        CallOutcome.Dropped => fact.IsFromJournal ? 3 : 5,
        CallOutcome.Failed => 4,
        CallOutcome.NotAnswered => 5,
        CallOutcome.Answered => 6,
        _ => 0,
    };

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
        { IsFromJournal: false } => 3,
        _ => 4,
    };

    private static CallFact SelectPreferred(CallFact? first, CallFact next) => first is not null && GetPrecedence(first) <= GetPrecedence(next) ? first : next;

    private static bool HasOtherFrom(IReadOnlyList<CallFact> facts, CallFact? caller)
    {
        for (var i = 0; i < facts.Count; i++)
        {
            if (facts[i] is { From: { } from, IsFromJournal: false } && from != caller?.From)
            {
                return true;
            }
        }

        return false;
    }
}
