namespace IncomingCalls.CrashTests.Tests.Checking;

/// <summary>A checker that cannot fail proves nothing: each way to break a promise, done to evidence of which every promise was kept.</summary>
public class CheckerTests
{
    [Fact]
    public void Check_EveryPromiseKept_FindsNothing()
    {
        Found(Story.Told()).Should().BeEmpty();
        Found(Story.Told(Story.CallOfAFailure)).Should().BeEmpty();
        Found(Story.Told(Story.CallOfARefusal)).Should().BeEmpty();
    }

    [Fact]
    public void Check_AttemptInterruptedBeforeItsMark_MayRunAgain()
    {
        var told = Story.Told();
        var effect = told.First(HandlerNames.Ledger);

        Found(told.Again(effect, effect with { Life = 2 }) with { Lives = [Story.Killed(1, new OwedRun(effect.EventId, HandlerNames.Ledger, 0)), told.Lives[1]] })
            .Should().BeEmpty();
    }

    [Fact]
    public void Check_AttemptInterruptedAndStillOwedByALifeThatEndedInPeaceTooSoon_MayRunAgain()
    {
        var told = Story.Told();
        var effect = told.First(HandlerNames.Ledger);
        var run = new OwedRun(effect.EventId, HandlerNames.Ledger, 0);
        var tooShort = Story.Killed(2, run) with { IsKilled = false };
        var later = told.Effects.Select(one => one.Kind == CallEventKind.Answered ? one with { Life = 3 } : one);

        Found((told with { Effects = [.. later] }).Again(effect, effect with { Life = 3 }) with { Lives = [Story.Killed(1, run), tooShort, told.Lives[1] with { Number = 3 }] })
            .Should().BeEmpty();
    }

    [Fact]
    public void Check_AcknowledgedAndNeverHandled_FindsIt()
    {
        var told = Story.Told();

        Found(told.Without(told.First(HandlerNames.Board))).Should().Contain(FindingKind.Lost);
    }

    [Fact]
    public void Check_AcknowledgedAndNothingEverRan_FindsIt() =>
        Found(Story.Told() with { Effects = [] }).Should().OnlyContain(kind => kind == FindingKind.Lost);

    [Fact]
    public void Check_FailedAndNeverTriedAgain_FindsIt()
    {
        var told = Story.Told(Story.CallOfAFailure);

        Found(told.Without(told.Last(HandlerNames.Moody))).Should().Contain(FindingKind.Lost);
    }

    [Fact]
    public void Check_NeverAcknowledged_FindsIt()
    {
        var told = Story.Told();

        Found(told with { Sent = [.. told.Sent, Story.Sent(Story.Call, "declined") with { IsAcknowledged = false }] }).Should().Equal(FindingKind.Stuck);
    }

    [Fact]
    public void Check_RanTwiceInOneLife_FindsIt()
    {
        var told = Story.Told();
        var effect = told.First(HandlerNames.Ledger);

        Found(told.Again(effect, effect)).Should().Contain(FindingKind.Repeated);
    }

    [Fact]
    public void Check_RanAgainAlthoughItWasMarkedBeforeTheKill_FindsIt()
    {
        var told = Story.Told();
        var effect = told.First(HandlerNames.Ledger);

        Found(told.Again(effect, effect with { Life = 2 })).Should().Equal(FindingKind.Repeated);
    }

    [Fact]
    public void Check_RanAgainAfterALifeThatNobodyKilled_FindsIt()
    {
        var told = Story.Told();
        var effect = told.First(HandlerNames.Ledger);
        var owed = Story.Killed(1, new OwedRun(effect.EventId, HandlerNames.Ledger, 0)) with { IsKilled = false };

        Found(told.Again(effect, effect with { Life = 2 }) with { Lives = [owed, told.Lives[1]] }).Should().Equal(FindingKind.Repeated);
    }

    [Fact]
    public void Check_RanAgainAfterALifeInWhichItWasMarked_FindsIt()
    {
        var told = Story.Told();
        var effect = told.First(HandlerNames.Ledger);
        var run = new OwedRun(effect.EventId, HandlerNames.Ledger, 0);
        var later = told.Effects.Select(one => one.Kind == CallEventKind.Answered ? one with { Life = 3 } : one);

        Found((told with { Effects = [.. later] }).Again(effect, effect with { Life = 3 }) with { Lives = [Story.Killed(1, run), Story.Killed(2), told.Lives[1] with { Number = 3 }] })
            .Should().Equal(FindingKind.Repeated);
    }

    [Fact]
    public void Check_AttemptRunAgainWhoseFailureWasMarked_FindsIt()
    {
        var told = Story.Told(Story.CallOfAFailure);
        var failure = told.Effects.Single(effect => effect.End == RunEnd.Failed);
        // The file owes the second attempt, so the first is marked.
        var owed = new OwedRun(failure.EventId, HandlerNames.Moody, 1);
        var early = told.Replace(failure, failure with { Life = 1 }) with { Lives = [Story.Killed(1, owed), told.Lives[1]] };

        Found(early.Again(failure with { Life = 1 }, failure with { Life = 2 })).Should().Equal(FindingKind.Repeated);
    }

    [Fact]
    public void Check_RepeatMadeAnotherEvent_FindsIt()
    {
        var told = Story.Told();

        Found(told.And(told.Last(HandlerNames.Board) with { EventId = "1101000001/A/Answered/2" })).Should().Contain(FindingKind.Unexplained);
    }

    [Fact]
    public void Check_EventOfACallThatNobodyAcknowledged_FindsIt()
    {
        var told = Story.Told();

        Found(told.And(told.First(HandlerNames.Ledger) with { Call = new(1101000001, "B"), EventId = "1101000001/B/Offered" })).Should().Contain(FindingKind.Unexplained);
    }

    [Fact]
    public void Check_MissingOutcomeToldOfAnAnsweredCallWithoutOffer_FindsIt()
    {
        var told = Story.Told();
        var timer = told.Last(HandlerNames.Ledger) with { Kind = CallEventKind.OutcomeUnknown, EventId = "1101000001/A/OutcomeUnknown" };
        var withoutOffer = told with
        {
            Sent = [Story.Sent(Story.Call, "pickUp")],
            Effects = [.. told.Effects.Where(effect => effect.Kind == CallEventKind.Answered), timer],
        };

        Found(withoutOffer).Should().Contain(FindingKind.Unexplained);
    }

    [Fact]
    public void Check_OfferAfterTheAnswer_FindsIt()
    {
        var told = Story.Told();

        Found(told with { Effects = [.. told.Effects.Reverse().Select(effect => effect with { Version = 1 })] }).Should().Contain(FindingKind.Backwards);
    }

    [Fact]
    public void Check_MissingOutcomeAfterTheAnswer_FindsIt()
    {
        var told = Story.Told();

        Found(told.And(told.Last(HandlerNames.Ledger) with { Kind = CallEventKind.OutcomeUnknown, EventId = "1101000001/A/OutcomeUnknown" }))
            .Should().Contain(FindingKind.Backwards);
    }

    [Fact]
    public void Check_OlderCallAfterANewerOne_FindsIt()
    {
        var told = Story.Told();
        var effect = told.Last(HandlerNames.Board);

        Found(told.Replace(effect, effect with { Version = 0 })).Should().Equal(FindingKind.Backwards);
    }

    [Fact]
    public void Check_AnotherOutcome_FindsIt()
    {
        var told = Story.Told();
        var effect = told.Last(HandlerNames.Board);

        Found(told.Replace(effect, effect with { Outcome = CallOutcome.Missed })).Should().Equal(FindingKind.WrongOutcome);
    }

    [Fact]
    public void Check_AttemptsForgotten_FindsIt()
    {
        var told = Story.Told(Story.CallOfAFailure);
        var failure = told.Effects.Single(effect => effect.End == RunEnd.Failed);

        Found(told.Without(failure)).Should().Contain(FindingKind.WrongAttempt);
    }

    [Fact]
    public void Check_DeadLetterMissing_FindsIt() =>
        Found(Story.Told(Story.CallOfARefusal) with { DeadLetters = [] }).Should().Equal(FindingKind.WronglyKept);

    [Fact]
    public void Check_DeadLetterOfWhatSucceeded_FindsIt() =>
        Found(Story.Told() with { DeadLetters = [("1101000001/A/Offered", HandlerNames.Ledger)] }).Should().Equal(FindingKind.WronglyKept);

    [Fact]
    public void Check_UnreadableAcknowledgedAndNotInQuarantine_FindsIt()
    {
        var told = Story.Told();

        Found(told with { Sent = [.. told.Sent, Story.Unreadable("AB")] }).Should().Equal(FindingKind.Lost);
    }

    [Fact]
    public void Check_UnreadableInQuarantineMoreOftenThanDelivered_FindsIt()
    {
        var told = Story.Told();

        Found(told with { Sent = [.. told.Sent, Story.Unreadable("AB")], Quarantined = ["AB", "AB"] }).Should().BeEmpty();
        Found(told with { Sent = [.. told.Sent, Story.Unreadable("AB")], Quarantined = ["AB", "AB", "AB"] }).Should().Equal(FindingKind.WronglyKept);
    }

    private static IEnumerable<FindingKind> Found(Evidence evidence) => Checker.Check(evidence).Select(finding => finding.Kind);
}
