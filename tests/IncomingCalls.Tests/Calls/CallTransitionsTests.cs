using IncomingCalls.Calls;
using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Calls;

public class CallTransitionsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly ChatId Own = ChatId.Parse("70000000001@c.us");
    private static readonly ChatId Client = ChatId.Parse("70000000101@c.us");

    [Fact]
    public void ApplyNotification_Offer_CreatesAnEventWithAnIdOfCallAndKind()
    {
        var stored = ApplyNotification(null, "offer", CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true)).Event!;

        stored.Id.Should().Be("1101000001/A/Offered");
        stored.ConcernsAlert.Should().BeTrue();
        stored.OccurredAt.Should().Be(Now);
    }

    [Fact]
    public void ApplyNotification_UnknownStatuses_HaveDistinctEventIds()
    {
        var first = ApplyNotification(null, "Transferred", CallDecision.Handle());
        var second = ApplyNotification(first.History, "parked", CallDecision.Handle());

        first.Event!.Id.Should().Be("1101000001/A/Unrecognized/transferred");
        second.Event!.Id.Should().Be("1101000001/A/Unrecognized/parked");
    }

    [Fact]
    public void ApplyNotification_Tracked_UpdatesTheCallWithoutEvent()
    {
        var step = ApplyNotification(null, "offer", CallDecision.Track);

        step.Event.Should().BeNull();
        step.Call.OfferedAt.Should().Be(Now);
    }

    [Fact]
    public void ApplyNotification_TrackedOutcomeOfAnAlertedCall_CreatesAnEventForNotifiersOnly()
    {
        var offered = ApplyNotification(null, "offer", CallDecision.Handle(alertOperator: true));
        var ended = ApplyNotification(offered.History, "declined", CallDecision.Track);

        ended.Event!.ConcernsAlert.Should().BeTrue();
        ended.Event.Decision.Should().Be(CallDecision.Track);
    }

    [Fact]
    public void ApplyNotification_TrackedOutcomeWithoutAlert_CreatesNoEvent()
    {
        var offered = ApplyNotification(null, "offer", CallDecision.Handle());

        ApplyNotification(offered.History, "declined", CallDecision.Track).Event.Should().BeNull();
    }

    [Fact]
    public void ApplyNotification_TrackedOutcomeWithoutOffer_MayEndAnAlertOfAnEarlierProcess() =>
        ApplyNotification(null, "declined", CallDecision.Track).Event!.ConcernsAlert.Should().BeTrue();

    [Fact]
    public void ApplyNotification_OwnCall_HasNeitherLabelNorAlert()
    {
        var step = ApplyNotification(null, "offer", CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true), Own);

        step.Event!.Decision.Should().Be(CallDecision.Handle());
        step.Event.ConcernsAlert.Should().BeFalse();
    }

    [Fact]
    public void ApplyNotification_OutcomeFromSelfAfterAnOffer_PreservesItsLabel()
    {
        var offered = ApplyNotification(null, "offer", CallDecision.Handle());

        ApplyNotification(offered.History, "declined", CallDecision.Handle(CallLabel.MissedCall), Own).Event!.Decision.Label.Should().Be(CallLabel.MissedCall);
    }

    [Fact]
    public void ApplyNotification_OutcomeFromSelfBeforeItsOffer_PreservesItsLabelAndSetsTheCaller()
    {
        var declined = ApplyNotification(null, "declined", CallDecision.Handle(CallLabel.MissedCall), Own);
        var offered = ApplyNotification(declined.History, "offer", CallDecision.Handle());

        declined.Event!.Decision.Label.Should().Be(CallLabel.MissedCall);
        offered.Call.Caller.ChatId.Should().Be(Client);
    }

    [Fact]
    public void ApplyNotification_HigherOutcome_HasThePreviousOutcome()
    {
        var missed = ApplyNotification(null, "declined", CallDecision.Handle(CallLabel.MissedCall));

        ApplyNotification(missed.History, "pickUp", CallDecision.Handle(CallLabel.AnsweredCall)).Event!.PreviousOutcome.Should().Be(CallOutcome.Missed);
    }

    [Fact]
    public void ApplyOutcomeTimeout_RingingCall_CreatesAnEventThatALaterOutcomeRaises()
    {
        var offered = ApplyNotification(null, "offer", CallDecision.Handle());
        var unknown = CallTransitions.ApplyOutcomeTimeout(offered.History, CallDecision.Handle(), Now.AddMinutes(15));
        var answered = ApplyNotification(unknown.History, "pickUp", CallDecision.Handle());

        unknown.Event!.Id.Should().Be("1101000001/A/OutcomeUnknown");
        unknown.Event.Notification.Should().BeNull();
        unknown.Call.Outcome.Should().Be(CallOutcome.Unknown);
        answered.Event!.PreviousOutcome.Should().Be(CallOutcome.Unknown);
    }

    private static CallTransition ApplyNotification(CallHistory? history, string status, CallDecision decision, ChatId? from = null) =>
        CallTransitions.ApplyNotification(history, new()
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
