namespace IncomingCalls.CrashTests.Tests.Verification;

/// <summary>A checker that cannot fail proves nothing: each way to break a promise, done to evidence of which every promise was kept.</summary>
public class EvidenceCheckerTests
{
    [Fact]
    public void Check_AllGuaranteesKept_FindsNothing()
    {
        FindKinds(TestEvidence.Create()).Should().BeEmpty();
        FindKinds(TestEvidence.Create(TestEvidence.FailingCall)).Should().BeEmpty();
        FindKinds(TestEvidence.Create(TestEvidence.RejectedCall)).Should().BeEmpty();
    }

    [Fact]
    public void Check_AttemptInterruptedBeforeSettling_MayBeRepeated()
    {
        var told = TestEvidence.Create();
        var effect = told.FirstEffect(HandlerNames.Ledger);

        FindKinds(told.WithRepeatedEffect(effect, effect with { RunNumber = 2 }) with { Runs = [TestEvidence.KilledRun(1, new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0)), told.Runs[1]] })
            .Should().BeEmpty();
    }

    [Fact]
    public void Check_InterruptedAttemptStillPendingAfterAShortGracefulRun_MayBeRepeated()
    {
        var told = TestEvidence.Create();
        var effect = told.FirstEffect(HandlerNames.Ledger);
        var run = new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0);
        var tooShort = TestEvidence.KilledRun(2, run) with { IsKilled = false };
        var later = told.Effects.Select(one => one.Kind == CallEventKind.Answered ? one with { RunNumber = 3 } : one);

        FindKinds((told with { Effects = [.. later] }).WithRepeatedEffect(effect, effect with { RunNumber = 3 }) with { Runs = [TestEvidence.KilledRun(1, run), tooShort, told.Runs[1] with { Number = 3 }] })
            .Should().BeEmpty();
    }

    [Fact]
    public void Check_AcknowledgedAndNeverHandled_FindsLost()
    {
        var told = TestEvidence.Create();

        FindKinds(told.WithoutEffect(told.FirstEffect(HandlerNames.Board))).Should().Contain(FindingKind.Lost);
    }

    [Fact]
    public void Check_AcknowledgedAndNoHandlerRan_FindsLost() =>
        FindKinds(TestEvidence.Create() with { Effects = [] }).Should().OnlyContain(kind => kind == FindingKind.Lost);

    [Fact]
    public void Check_FailedAndNeverRetried_FindsLost()
    {
        var told = TestEvidence.Create(TestEvidence.FailingCall);

        FindKinds(told.WithoutEffect(told.LastEffect(HandlerNames.Failing))).Should().Contain(FindingKind.Lost);
    }

    [Fact]
    public void Check_NeverAcknowledged_FindsNotAcknowledged()
    {
        var told = TestEvidence.Create();

        FindKinds(told with { Sent = [.. told.Sent, TestEvidence.Sent(TestEvidence.Call, "declined") with { IsAcknowledged = false }] }).Should().Equal(FindingKind.NotAcknowledged);
    }

    [Fact]
    public void Check_AttemptTwiceInOneRun_FindsRepeatedAttempt()
    {
        var told = TestEvidence.Create();
        var effect = told.FirstEffect(HandlerNames.Ledger);

        FindKinds(told.WithRepeatedEffect(effect, effect)).Should().Contain(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterSettlingBeforeTheKill_FindsRepeatedAttempt()
    {
        var told = TestEvidence.Create();
        var effect = told.FirstEffect(HandlerNames.Ledger);

        FindKinds(told.WithRepeatedEffect(effect, effect with { RunNumber = 2 })).Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterAGracefulRun_FindsRepeatedAttempt()
    {
        var told = TestEvidence.Create();
        var effect = told.FirstEffect(HandlerNames.Ledger);
        var owed = TestEvidence.KilledRun(1, new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0)) with { IsKilled = false };

        FindKinds(told.WithRepeatedEffect(effect, effect with { RunNumber = 2 }) with { Runs = [owed, told.Runs[1]] }).Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterARunThatSettledIt_FindsRepeatedAttempt()
    {
        var told = TestEvidence.Create();
        var effect = told.FirstEffect(HandlerNames.Ledger);
        var run = new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0);
        var later = told.Effects.Select(one => one.Kind == CallEventKind.Answered ? one with { RunNumber = 3 } : one);

        FindKinds((told with { Effects = [.. later] }).WithRepeatedEffect(effect, effect with { RunNumber = 3 }) with { Runs = [TestEvidence.KilledRun(1, run), TestEvidence.KilledRun(2), told.Runs[1] with { Number = 3 }] })
            .Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterItsFailureWasSettled_FindsRepeatedAttempt()
    {
        var told = TestEvidence.Create(TestEvidence.FailingCall);
        var failure = told.Effects.Single(effect => effect.Result == EffectResult.Failed);
        // The file owes the second attempt, so the first is marked.
        var owed = new PendingDelivery(failure.EventId, HandlerNames.Failing, 1);
        var early = told.WithReplacedEffect(failure, failure with { RunNumber = 1 }) with { Runs = [TestEvidence.KilledRun(1, owed), told.Runs[1]] };

        FindKinds(early.WithRepeatedEffect(failure with { RunNumber = 1 }, failure with { RunNumber = 2 })).Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_DuplicateCreatedAnotherEvent_FindsUnexpectedEvent()
    {
        var told = TestEvidence.Create();

        FindKinds(told.WithEffect(told.LastEffect(HandlerNames.Board) with { EventId = "1101000001/A/Answered/2" })).Should().Contain(FindingKind.UnexpectedEvent);
    }

    [Fact]
    public void Check_EventOfAnUnacknowledgedCall_FindsUnexpectedEvent()
    {
        var told = TestEvidence.Create();

        FindKinds(told.WithEffect(told.FirstEffect(HandlerNames.Ledger) with { Call = new(1101000001, "B"), EventId = "1101000001/B/Offered" })).Should().Contain(FindingKind.UnexpectedEvent);
    }

    [Fact]
    public void Check_OutcomeUnknownOfAnAnsweredCallWithoutOffer_FindsUnexpectedEvent()
    {
        var told = TestEvidence.Create();
        var timer = told.LastEffect(HandlerNames.Ledger) with { Kind = CallEventKind.OutcomeUnknown, EventId = "1101000001/A/OutcomeUnknown" };
        var withoutOffer = told with
        {
            Sent = [TestEvidence.Sent(TestEvidence.Call, "pickUp")],
            Effects = [.. told.Effects.Where(effect => effect.Kind == CallEventKind.Answered), timer],
        };

        FindKinds(withoutOffer).Should().Contain(FindingKind.UnexpectedEvent);
    }

    [Fact]
    public void Check_OfferAfterTheAnswer_FindsOutOfOrder()
    {
        var told = TestEvidence.Create();

        FindKinds(told with { Effects = [.. told.Effects.Reverse().Select(effect => effect with { Version = 1 })] }).Should().Contain(FindingKind.OutOfOrder);
    }

    [Fact]
    public void Check_OutcomeUnknownAfterTheAnswer_FindsOutOfOrder()
    {
        var told = TestEvidence.Create();

        FindKinds(told.WithEffect(told.LastEffect(HandlerNames.Ledger) with { Kind = CallEventKind.OutcomeUnknown, EventId = "1101000001/A/OutcomeUnknown" }))
            .Should().Contain(FindingKind.OutOfOrder);
    }

    [Fact]
    public void Check_OlderCallVersionAfterANewer_FindsOutOfOrder()
    {
        var told = TestEvidence.Create();
        var effect = told.LastEffect(HandlerNames.Board);

        FindKinds(told.WithReplacedEffect(effect, effect with { Version = 0 })).Should().Equal(FindingKind.OutOfOrder);
    }

    [Fact]
    public void Check_DifferentOutcome_FindsWrongOutcome()
    {
        var told = TestEvidence.Create();
        var effect = told.LastEffect(HandlerNames.Board);

        FindKinds(told.WithReplacedEffect(effect, effect with { Outcome = CallOutcome.Missed })).Should().Equal(FindingKind.WrongOutcome);
    }

    [Fact]
    public void Check_AttemptCountLost_FindsWrongAttemptNumber()
    {
        var told = TestEvidence.Create(TestEvidence.FailingCall);
        var failure = told.Effects.Single(effect => effect.Result == EffectResult.Failed);

        FindKinds(told.WithoutEffect(failure)).Should().Contain(FindingKind.WrongAttemptNumber);
    }

    [Fact]
    public void Check_DeadLetterMissing_FindsWrongStoredItems() =>
        FindKinds(TestEvidence.Create(TestEvidence.RejectedCall) with { DeadLetters = [] }).Should().Equal(FindingKind.WrongStoredItems);

    [Fact]
    public void Check_DeadLetterOfASucceededDelivery_FindsWrongStoredItems() =>
        FindKinds(TestEvidence.Create() with { DeadLetters = [("1101000001/A/Offered", HandlerNames.Ledger)] }).Should().Equal(FindingKind.WrongStoredItems);

    [Fact]
    public void Check_UnreadableAcknowledgedAndNotQuarantined_FindsLost()
    {
        var told = TestEvidence.Create();

        FindKinds(told with { Sent = [.. told.Sent, TestEvidence.Unreadable("AB")] }).Should().Equal(FindingKind.Lost);
    }

    [Fact]
    public void Check_QuarantinedMoreOftenThanDelivered_FindsWrongStoredItems()
    {
        var told = TestEvidence.Create();

        FindKinds(told with { Sent = [.. told.Sent, TestEvidence.Unreadable("AB")], Quarantined = ["AB", "AB"] }).Should().BeEmpty();
        FindKinds(told with { Sent = [.. told.Sent, TestEvidence.Unreadable("AB")], Quarantined = ["AB", "AB", "AB"] }).Should().Equal(FindingKind.WrongStoredItems);
    }

    private static IEnumerable<FindingKind> FindKinds(Evidence evidence) => EvidenceChecker.Check(evidence).Select(finding => finding.Kind);
}
