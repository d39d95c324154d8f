using IncomingCalls.Calls;
using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Calls;

/// <summary>The events that the reducer creates with the decision of the policy.</summary>
public class CallReducerEventTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly ChatId Own = ChatId.Parse("70000000001@c.us");
    private static readonly ChatId Client = ChatId.Parse("70000000101@c.us");

    [Fact]
    public void Accept_Offer_CreatesAnEventWithAnIdOfCallAndKind()
    {
        var stored = Accept(null, "offer", CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true)).Event!;

        stored.Id.Should().Be("1101000001/A/Offered");
        stored.ConcernsAlert.Should().BeTrue();
        stored.OccurredAt.Should().Be(Now);
    }

    [Fact]
    public void Accept_UnknownStatuses_HaveDistinctEventIds()
    {
        var first = Accept(null, "Transferred", CallDecision.Handle());
        var second = Accept(first.History, "parked", CallDecision.Handle());

        first.Event!.Id.Should().Be("1101000001/A/Unrecognized/transferred");
        second.Event!.Id.Should().Be("1101000001/A/Unrecognized/parked");
    }

    [Fact]
    public void Accept_Tracked_UpdatesTheCallWithoutEvent()
    {
        var transition = Accept(null, "offer", CallDecision.Track);

        transition.Event.Should().BeNull();
        transition.Call.OfferedAt.Should().Be(Now);
    }

    [Fact]
    public void Accept_TrackedOutcomeOfAnAlertedCall_CreatesAnEventForNotifiersOnly()
    {
        var offered = Accept(null, "offer", CallDecision.Handle(alertOperator: true));
        var ended = Accept(offered.History, "declined", CallDecision.Track);

        ended.Event!.ConcernsAlert.Should().BeTrue();
        ended.Event.Decision.Should().Be(CallDecision.Track);
    }

    [Fact]
    public void Accept_TrackedOutcomeWithoutAlert_CreatesNoEvent()
    {
        var offered = Accept(null, "offer", CallDecision.Handle());

        Accept(offered.History, "declined", CallDecision.Track).Event.Should().BeNull();
    }

    [Fact]
    public void Accept_TrackedOutcomeWithoutOffer_MayEndAnAlertOfAnEarlierProcess() =>
        Accept(null, "declined", CallDecision.Track).Event!.ConcernsAlert.Should().BeTrue();

    [Fact]
    public void Accept_OwnNumber_HasALabelNoAlertAndNoCaller()
    {
        var transition = Accept(null, "offer", CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true), Own);

        transition.Event!.Decision.Should().Be(CallDecision.Handle(CallLabel.IncomingCall));
        transition.Event.ConcernsAlert.Should().BeFalse();
        transition.Call.Caller.Should().Be(Caller.Anonymous);
    }

    [Theory]
    [InlineData(CallTreatment.Record, true, false)]
    [InlineData(CallTreatment.Ignore, false, false)]
    [InlineData(CallTreatment.Alert, true, true)]
    public void Accept_OwnNumberOrGroup_IsTreatedAsTheOptionsSay(CallTreatment treatment, bool isEvent, bool isAlert)
    {
        var decision = CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true);

        var own = Accept(null, "offer", decision, Own, new() { OwnNumber = treatment, Group = CallTreatment.Alert });
        var group = Accept(null, "offer", decision, ChatId.Parse("120363000000000001@g.us"), new() { OwnNumber = CallTreatment.Alert, Group = treatment });

        foreach (var transition in new[] { own, group })
        {
            (transition.Event is not null).Should().Be(isEvent);
            (transition.Event?.ConcernsAlert ?? false).Should().Be(isAlert);
            transition.History.Facts.Should().ContainSingle("the call is tracked in any case");
        }
    }

    [Fact]
    public void Accept_OutcomeFromSelfAfterAnOffer_PreservesItsLabel()
    {
        var offered = Accept(null, "offer", CallDecision.Handle());

        Accept(offered.History, "declined", CallDecision.Handle(CallLabel.MissedCall), Own).Event!.Decision.Label.Should().Be(CallLabel.MissedCall);
    }

    [Fact]
    public void Accept_OutcomeFromSelfBeforeItsOffer_PreservesItsLabelAndSetsTheCaller()
    {
        var declined = Accept(null, "declined", CallDecision.Handle(CallLabel.MissedCall), Own);
        var offered = Accept(declined.History, "offer", CallDecision.Handle());

        declined.Event!.Decision.Label.Should().Be(CallLabel.MissedCall);
        offered.Call.Caller.ChatId.Should().Be(Client);
    }

    [Fact]
    public void Accept_HigherOutcome_HasThePreviousOutcome()
    {
        var missed = Accept(null, "declined", CallDecision.Handle(CallLabel.MissedCall));

        Accept(missed.History, "pickUp", CallDecision.Handle(CallLabel.AnsweredCall)).Event!.PreviousOutcome.Should().Be(CallOutcome.Missed);
    }

    [Fact]
    public void ResolveOutcome_RingingCall_CreatesAnEventThatALaterOutcomeRaises()
    {
        var offered = Accept(null, "offer", CallDecision.Handle());
        var unknown = CallReducer.ResolveOutcome(offered.History, CallDecision.Handle(), Now.AddMinutes(15));
        var answered = Accept(unknown.History, "pickUp", CallDecision.Handle());

        unknown.Event!.Id.Should().Be("1101000001/A/OutcomeUnknown");
        unknown.Event.Notification.Should().BeNull();
        unknown.Call.Outcome.Should().Be(CallOutcome.Unknown);
        answered.Event!.PreviousOutcome.Should().Be(CallOutcome.Unknown);
    }

    private static CallTransition Accept(CallHistory? history, string status, CallDecision decision, ChatId? from = null, CallTreatments treatments = default) => CallReducer.Accept(
        history,
        new()
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
        },
        treatments);
}
