namespace IncomingCalls.CrashTests.Tests.Verification;

/// <summary>Verifies that the checker finds each kind of violation, by changing evidence in which every guarantee holds.</summary>
public class EvidenceCheckerTests
{
    [Fact]
    public void Check_AllGuaranteesHold_FindsNothing()
    {
        FindKinds(TestEvidence.Create()).Should().BeEmpty();
        FindKinds(TestEvidence.Create(TestEvidence.FailingCall)).Should().BeEmpty();
        FindKinds(TestEvidence.Create(TestEvidence.RejectedCall)).Should().BeEmpty();
    }

    [Fact]
    public void Check_AttemptInterruptedBeforeSettling_MayBeRepeated()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.FirstEffect(HandlerNames.Ledger);

        FindKinds(evidence.WithRepeatedEffect(effect, effect with { RunNumber = 2 }) with { Runs = [TestEvidence.KilledRun(1, new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0)), evidence.Runs[1]] })
            .Should().BeEmpty();
    }

    [Fact]
    public void Check_InterruptedAttemptStillPendingAfterAShortGracefulRun_MayBeRepeated()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.FirstEffect(HandlerNames.Ledger);
        var run = new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0);
        var tooShort = TestEvidence.KilledRun(2, run) with { IsKilled = false };
        var later = evidence.Effects.Select(one => one.Kind == CallEventKind.Answered ? one with { RunNumber = 3 } : one);

        FindKinds((evidence with { Effects = [.. later] }).WithRepeatedEffect(effect, effect with { RunNumber = 3 }) with { Runs = [TestEvidence.KilledRun(1, run), tooShort, evidence.Runs[1] with { Number = 3 }] })
            .Should().BeEmpty();
    }

    [Fact]
    public void Check_AcknowledgedAndNeverHandled_FindsLost()
    {
        var evidence = TestEvidence.Create();

        FindKinds(evidence.WithoutEffect(evidence.FirstEffect(HandlerNames.Board))).Should().Contain(FindingKind.Lost);
    }

    [Fact]
    public void Check_AcknowledgedAndNoHandlerRan_FindsLost() =>
        FindKinds(TestEvidence.Create() with { Effects = [] }).Should().OnlyContain(kind => kind == FindingKind.Lost);

    [Fact]
    public void Check_ChatRecordMissing_FindsLost()
    {
        var withoutRecords = TestEvidence.Create() with { Handlers = HandlerNames.AllWithChat };
        var withRecords = withoutRecords with { Effects = [.. withoutRecords.Effects, .. withoutRecords.Effects.Where(effect => effect.Handler == HandlerNames.Ledger).Select(effect => effect with { Handler = HandlerNames.Chat })] };

        FindKinds(withoutRecords).Should().Equal(FindingKind.Lost, FindingKind.Lost);
        FindKinds(withRecords).Should().BeEmpty();
    }

    [Fact]
    public void Check_EventWithoutLabel_HasNoChatRecord()
    {
        var evidence = TestEvidence.Create() with { Handlers = [HandlerNames.Chat], Sent = [TestEvidence.Sent(TestEvidence.Call, "transferred")], Effects = [] };

        FindKinds(evidence).Should().BeEmpty();
        FindKinds(evidence with { Handlers = [HandlerNames.Ledger] }).Should().Equal(FindingKind.Lost);
    }

    [Fact]
    public void Check_FailedAndNeverRetried_FindsLost()
    {
        var evidence = TestEvidence.Create(TestEvidence.FailingCall);

        FindKinds(evidence.WithoutEffect(evidence.LastEffect(HandlerNames.Failing))).Should().Contain(FindingKind.Lost);
    }

    [Fact]
    public void Check_NeverAcknowledged_FindsNotAcknowledged()
    {
        var evidence = TestEvidence.Create();

        FindKinds(evidence with { Sent = [.. evidence.Sent, TestEvidence.Sent(TestEvidence.Call, "declined") with { IsAcknowledged = false }] }).Should().Equal(FindingKind.NotAcknowledged);
    }

    [Fact]
    public void Check_AttemptTwiceInOneRun_FindsRepeatedAttempt()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.FirstEffect(HandlerNames.Ledger);

        FindKinds(evidence.WithRepeatedEffect(effect, effect)).Should().Contain(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_AnotherAttemptAfterASuccessfulOne_FindsRepeatedAttempt()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.FirstEffect(HandlerNames.Ledger);

        FindKinds(evidence.WithRepeatedEffect(effect, effect with { Attempt = 2 })).Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterSettlingBeforeTheKill_FindsRepeatedAttempt()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.FirstEffect(HandlerNames.Ledger);

        FindKinds(evidence.WithRepeatedEffect(effect, effect with { RunNumber = 2 })).Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterAGracefulRun_FindsRepeatedAttempt()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.FirstEffect(HandlerNames.Ledger);
        var pending = TestEvidence.KilledRun(1, new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0)) with { IsKilled = false };

        FindKinds(evidence.WithRepeatedEffect(effect, effect with { RunNumber = 2 }) with { Runs = [pending, evidence.Runs[1]] }).Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterARunThatSettledIt_FindsRepeatedAttempt()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.FirstEffect(HandlerNames.Ledger);
        var run = new PendingDelivery(effect.EventId, HandlerNames.Ledger, 0);
        var later = evidence.Effects.Select(one => one.Kind == CallEventKind.Answered ? one with { RunNumber = 3 } : one);

        FindKinds((evidence with { Effects = [.. later] }).WithRepeatedEffect(effect, effect with { RunNumber = 3 }) with { Runs = [TestEvidence.KilledRun(1, run), TestEvidence.KilledRun(2), evidence.Runs[1] with { Number = 3 }] })
            .Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_RepeatedAfterItsFailureWasSettled_FindsRepeatedAttempt()
    {
        var evidence = TestEvidence.Create(TestEvidence.FailingCall);
        var failure = evidence.Effects.Single(effect => effect.Result == EffectResult.Failed);
        // The second attempt is pending in the file, so the first is settled.
        var pending = new PendingDelivery(failure.EventId, HandlerNames.Failing, 1);
        var early = evidence.WithReplacedEffect(failure, failure with { RunNumber = 1 }) with { Runs = [TestEvidence.KilledRun(1, pending), evidence.Runs[1]] };

        FindKinds(early.WithRepeatedEffect(failure with { RunNumber = 1 }, failure with { RunNumber = 2 })).Should().Equal(FindingKind.RepeatedAttempt);
    }

    [Fact]
    public void Check_DuplicateCreatedAnotherEvent_FindsUnexpectedEvent()
    {
        var evidence = TestEvidence.Create();

        FindKinds(evidence.WithEffect(evidence.LastEffect(HandlerNames.Board) with { EventId = "1101000001/A/Answered/2" })).Should().Contain(FindingKind.UnexpectedEvent);
    }

    [Fact]
    public void Check_EventOfAnUnacknowledgedCall_FindsUnexpectedEvent()
    {
        var evidence = TestEvidence.Create();

        FindKinds(evidence.WithEffect(evidence.FirstEffect(HandlerNames.Ledger) with { Call = new(1101000001, "B"), EventId = "1101000001/B/Offered" })).Should().Contain(FindingKind.UnexpectedEvent);
    }

    [Fact]
    public void Check_OutcomeUnknownOfAnAnsweredCallWithoutOffer_FindsUnexpectedEvent()
    {
        var evidence = TestEvidence.Create();
        var timer = evidence.LastEffect(HandlerNames.Ledger) with { Kind = CallEventKind.OutcomeUnknown, EventId = "1101000001/A/OutcomeUnknown" };
        var withoutOffer = evidence with
        {
            Sent = [TestEvidence.Sent(TestEvidence.Call, "pickUp")],
            Effects = [.. evidence.Effects.Where(effect => effect.Kind == CallEventKind.Answered), timer],
        };

        FindKinds(withoutOffer).Should().Contain(FindingKind.UnexpectedEvent);
    }

    [Fact]
    public void Check_OfferAfterTheAnswer_FindsOutOfOrder()
    {
        var evidence = TestEvidence.Create();

        FindKinds(evidence with { Effects = [.. evidence.Effects.Reverse().Select(effect => effect with { Version = 1 })] }).Should().Contain(FindingKind.OutOfOrder);
    }

    [Fact]
    public void Check_OutcomeUnknownAfterTheAnswer_FindsOutOfOrder()
    {
        var evidence = TestEvidence.Create();

        FindKinds(evidence.WithEffect(evidence.LastEffect(HandlerNames.Ledger) with { Kind = CallEventKind.OutcomeUnknown, EventId = "1101000001/A/OutcomeUnknown" }))
            .Should().Contain(FindingKind.OutOfOrder);
    }

    [Fact]
    public void Check_OlderCallVersionAfterANewer_FindsOutOfOrder()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.LastEffect(HandlerNames.Board);

        FindKinds(evidence.WithReplacedEffect(effect, effect with { Version = 0 })).Should().Equal(FindingKind.OutOfOrder);
    }

    [Fact]
    public void Check_DifferentOutcome_FindsWrongOutcome()
    {
        var evidence = TestEvidence.Create();
        var effect = evidence.LastEffect(HandlerNames.Board);

        FindKinds(evidence.WithReplacedEffect(effect, effect with { Outcome = CallOutcome.Missed })).Should().Equal(FindingKind.WrongOutcome);
    }

    [Fact]
    public void Check_AttemptCountLost_FindsWrongAttemptNumber()
    {
        var evidence = TestEvidence.Create(TestEvidence.FailingCall);
        var failure = evidence.Effects.Single(effect => effect.Result == EffectResult.Failed);

        FindKinds(evidence.WithoutEffect(failure)).Should().Contain(FindingKind.WrongAttemptNumber);
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
        var evidence = TestEvidence.Create();

        FindKinds(evidence with { Sent = [.. evidence.Sent, TestEvidence.Unreadable("AB")] }).Should().Equal(FindingKind.Lost);
    }

    [Fact]
    public void Check_QuarantinedMoreOftenThanDelivered_FindsWrongStoredItems()
    {
        var evidence = TestEvidence.Create();

        FindKinds(evidence with { Sent = [.. evidence.Sent, TestEvidence.Unreadable("AB")], Quarantined = ["AB", "AB"] }).Should().BeEmpty();
        FindKinds(evidence with { Sent = [.. evidence.Sent, TestEvidence.Unreadable("AB")], Quarantined = ["AB", "AB", "AB"] }).Should().Equal(FindingKind.WrongStoredItems);
    }

    private static IEnumerable<FindingKind> FindKinds(Evidence evidence) => EvidenceChecker.Check(evidence).Select(finding => finding.Kind);
}
