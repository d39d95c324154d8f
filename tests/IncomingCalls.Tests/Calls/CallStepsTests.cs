using IncomingCalls.Inboxes;

namespace IncomingCalls.Tests.Calls;

public class CallStepsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly ChatId Own = ChatId.Parse("70000000001@c.us");
    private static readonly ChatId Client = ChatId.Parse("70000000101@c.us");

    [Fact]
    public void Take_Offer_StoresAnEventWithAnIdOfCallAndKind()
    {
        var stored = Take(null, "offer", CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true)).Event!;

        stored.Id.Should().Be("1101000001/A/Offered");
        stored.ConcernsAlert.Should().BeTrue();
        stored.OccurredAt.Should().Be(Now);
    }

    [Fact]
    public void Take_UnknownStatuses_HaveIdsOfTheirOwn()
    {
        var first = Take(null, "Transferred", CallDecision.Handle());
        var second = Take(first.History, "parked", CallDecision.Handle());

        first.Event!.Id.Should().Be("1101000001/A/Unrecognized/transferred");
        second.Event!.Id.Should().Be("1101000001/A/Unrecognized/parked");
    }

    [Fact]
    public void Take_Tracked_UpdatesTheCallWithoutEvent()
    {
        var step = Take(null, "offer", CallDecision.Track);

        step.Event.Should().BeNull();
        step.Call.OfferedAt.Should().Be(Now);
    }

    [Fact]
    public void Take_TrackedOutcomeOfAnAlertedCall_IsStoredForTheNotifierAlone()
    {
        var offered = Take(null, "offer", CallDecision.Handle(alertOperator: true));
        var ended = Take(offered.History, "declined", CallDecision.Track);

        ended.Event!.ConcernsAlert.Should().BeTrue();
        ended.Event.Decision.Should().Be(CallDecision.Track);
    }

    [Fact]
    public void Take_TrackedOutcomeWithoutAlert_IsNoEvent()
    {
        var offered = Take(null, "offer", CallDecision.Handle());

        Take(offered.History, "declined", CallDecision.Track).Event.Should().BeNull();
    }

    [Fact]
    public void Take_TrackedOutcomeWithoutItsOffer_MayEndAnAlertOfAnEarlierProcess() =>
        Take(null, "declined", CallDecision.Track).Event!.ConcernsAlert.Should().BeTrue();

    [Fact]
    public void Take_CallOfTheInstanceItself_HasNeitherLabelNorAlert()
    {
        var step = Take(null, "offer", CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true), Own);

        step.Event!.Decision.Should().Be(CallDecision.Handle());
        step.Event.ConcernsAlert.Should().BeFalse();
    }

    [Fact]
    public void Take_OutcomeFromSelfAfterARealOffer_KeepsItsLabel()
    {
        var offered = Take(null, "offer", CallDecision.Handle());

        Take(offered.History, "declined", CallDecision.Handle(CallLabel.MissedCall), Own).Event!.Decision.Label.Should().Be(CallLabel.MissedCall);
    }

    [Fact]
    public void Take_OutcomeFromSelfBeforeItsOffer_KeepsItsLabelAndLearnsTheCaller()
    {
        var declined = Take(null, "declined", CallDecision.Handle(CallLabel.MissedCall), Own);
        var offered = Take(declined.History, "offer", CallDecision.Handle());

        declined.Event!.Decision.Label.Should().Be(CallLabel.MissedCall);
        offered.Call.Caller.ChatId.Should().Be(Client);
    }

    [Fact]
    public void Take_HigherOutcome_TellsWhatItRaised()
    {
        var missed = Take(null, "declined", CallDecision.Handle(CallLabel.MissedCall));

        Take(missed.History, "pickUp", CallDecision.Handle(CallLabel.AnsweredCall)).Event!.PreviousOutcome.Should().Be(CallOutcome.Missed);
    }

    [Fact]
    public void GiveUpWaiting_RingingCall_IsAnEventAndTheOutcomeRaisesItLater()
    {
        var offered = Take(null, "offer", CallDecision.Handle());
        var unknown = CallSteps.GiveUpWaiting(offered.History, CallDecision.Handle(), Now.AddMinutes(15));
        var answered = Take(unknown.History, "pickUp", CallDecision.Handle());

        unknown.Event!.Id.Should().Be("1101000001/A/OutcomeUnknown");
        unknown.Event.Notification.Should().BeNull();
        unknown.Call.Outcome.Should().Be(CallOutcome.Unknown);
        answered.Event!.PreviousOutcome.Should().Be(CallOutcome.Unknown);
    }

    private static CallStep Take(CallHistory? history, string status, CallDecision decision, ChatId? from = null) =>
        CallSteps.Take(history, new()
        {
            Notification = new()
            {
                IdMessage = "A",
                Instance = new() { IdInstance = 1101000001, Wid = Own },
                RawStatus = status,
                From = from ?? Client,
                Timestamp = Now,
            },
            Decision = decision,
            ReceivedAt = Now.AddSeconds(1),
        });
}
