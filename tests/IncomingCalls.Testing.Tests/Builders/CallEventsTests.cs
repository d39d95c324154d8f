namespace IncomingCalls.Testing.Tests.Builders;

public class CallEventsTests
{
    [Fact]
    public void Offered_Default_IsLiveAndAlerts()
    {
        var offered = CallEvents.Offered("70000000101@c.us", name: "Ivan");

        offered.Kind.Should().Be(CallEventKind.Offered);
        offered.IsLive.Should().BeTrue();
        offered.Call.Outcome.Should().Be(CallOutcome.None);
        offered.Decision.AlertOperator.Should().BeTrue();
        offered.Caller.DisplayName.Should().Be("Ivan");
    }

    [Fact]
    public void Outcomes_EachKind_AreThoseOfOneCall()
    {
        CallEvent[] outcomes = [CallEvents.Answered(), CallEvents.Dropped(), CallEvents.Missed()];

        outcomes.Select(one => one.Kind).Should().Equal(CallEventKind.Answered, CallEventKind.Dropped, CallEventKind.Missed);
        outcomes.Select(one => one.Call.Outcome).Should().Equal(CallOutcome.Answered, CallOutcome.Dropped, CallOutcome.Missed);
        outcomes.Select(one => one.Decision.Label).Should().Equal(CallLabel.AnsweredCall, CallLabel.DroppedCall, CallLabel.MissedCall);
        outcomes.Should().OnlyContain(one => !one.IsLive && one.Call.Key == CallEvents.Offered().Call.Key);
        outcomes.Should().OnlyContain(one => one.Call.Version > CallEvents.Offered().Call.Version);
        outcomes.Select(one => one.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Missed_Anonymous_HasNoCaller() => CallEvents.Missed(from: null).Caller.ChatId.Should().BeNull();
}
