namespace IncomingCalls.Tests.Policies;

/// <summary>Every cell of the table of the scenarios.</summary>
public class ScenarioTableTests
{
    private static readonly CallDecision Discard = CallDecision.Discard;
    private static readonly CallDecision Track = CallDecision.Track;
    private static readonly CallDecision Event = CallDecision.Handle();

    public static TheoryData<CallEventKind, CallDecision, CallDecision, CallDecision, CallDecision, CallDecision> Table => new()
    {
        { CallEventKind.Offered, Discard, CallDecision.Handle(alertOperator: true), Track, CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true), CallDecision.Handle(alertOperator: true) },
        { CallEventKind.Answered, Discard, Track, CallDecision.Handle(CallLabel.AnsweredCall), CallDecision.Handle(CallLabel.AnsweredCall), CallDecision.Handle(CallLabel.AnsweredCall) },
        { CallEventKind.Dropped, Discard, Track, CallDecision.Handle(CallLabel.MissedCall), CallDecision.Handle(CallLabel.DroppedCall), CallDecision.Handle(CallLabel.DroppedCall) },
        { CallEventKind.Missed, Discard, Track, CallDecision.Handle(CallLabel.MissedCall), CallDecision.Handle(CallLabel.MissedCall), CallDecision.Handle(CallLabel.MissedCall) },
        { CallEventKind.Unrecognized, Discard, Track, Event, Event, Event },
        { CallEventKind.OutcomeUnknown, Discard, Track, Event, Event, Event },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_EachScenario_FollowsTheTable(
        CallEventKind kind, CallDecision ignore, CallDecision offerOnly, CallDecision resultOnly, CallDecision allStatuses, CallDecision alertAndResult)
    {
        var context = new CallPolicyContext { Kind = kind, IdInstance = 1 };

        CallPolicies.Ignore.Decide(context).Should().Be(ignore);
        CallPolicies.OfferOnly.Decide(context).Should().Be(offerOnly);
        CallPolicies.ResultOnly.Decide(context).Should().Be(resultOnly);
        CallPolicies.AllStatuses.Decide(context).Should().Be(allStatuses);
        CallPolicies.AlertAndResult.Decide(context).Should().Be(alertAndResult);
    }

    /// <summary>An outgoing call has no label and rings nobody.</summary>
    [Theory]
    [InlineData(CallEventKind.Answered)]
    [InlineData(CallEventKind.NotAnswered)]
    [InlineData(CallEventKind.Failed)]
    [InlineData(CallEventKind.Unrecognized)]
    public void Decide_OutgoingCall_FollowsTheTable(CallEventKind kind)
    {
        var context = new CallPolicyContext
        {
            Kind = kind,
            IdInstance = 1,
            Notification = new() { IdMessage = "A", Instance = new() { IdInstance = 1 }, Direction = CallDirection.Outgoing },
        };

        CallPolicies.Ignore.Decide(context).Should().Be(Discard);
        CallPolicies.OfferOnly.Decide(context).Should().Be(Track);
        CallPolicies.ResultOnly.Decide(context).Should().Be(Event);
        CallPolicies.AllStatuses.Decide(context).Should().Be(Event);
        CallPolicies.AlertAndResult.Decide(context).Should().Be(Event);
    }

    [Fact]
    public void For_EachScenario_IsItsPolicy()
    {
        CallPolicies.For(CallScenario.Ignore).Should().BeSameAs(CallPolicies.Ignore);
        CallPolicies.For(CallScenario.OfferOnly).Should().BeSameAs(CallPolicies.OfferOnly);
        CallPolicies.For(CallScenario.ResultOnly).Should().BeSameAs(CallPolicies.ResultOnly);
        CallPolicies.For(CallScenario.AlertAndResult).Should().BeSameAs(CallPolicies.AlertAndResult);
        CallPolicies.For(default).Should().BeSameAs(CallPolicies.AllStatuses);
        FluentActions.Invoking(() => CallPolicies.For((CallScenario)9)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
