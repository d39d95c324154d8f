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

    [Theory]
    [InlineData(CallbackClosing.CalledBack)]
    [InlineData(CallbackClosing.Closed)]
    public void CallbackClosed_OfAMissedCall_IsThatOfItsPerson(CallbackClosing how)
    {
        var missed = CallEvents.Missed("70000000101@c.us", name: "Ivan");

        var closed = CallEvents.CallbackClosed(missed, how);

        closed.Id.Should().StartWith("callback/").And.EndWith($"/{missed.Call.Key}").And.NotContain("70000000101");
        closed.Person.Should().Be(missed.Person);
        closed.Caller.Name.Should().Be("Ivan");
        closed.Callback!.Should().BeEquivalentTo(new { Count = 1, Calls = new[] { missed.Call.Key }, How = how, ClosedAt = closed.OccurredAt });
        (closed.Callback!.ClosingCall is null, closed.Callback.By is null).Should().Be((how == CallbackClosing.Closed, how != CallbackClosing.Closed));
        FluentActions.Invoking(() => CallEvents.CallbackClosed(CallEvents.Missed(from: null))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Missed_NameGiven_IsConsistent()
    {
        var missed = CallEvents.Missed("70000000101@c.us", name: "Ivan");

        missed.Call.Caller.Should().Be(missed.Caller);
        missed.Notification!.Status.Should().Be(CallStatus.Declined);
        missed.Notification.From.Should().Be(missed.Caller.ChatId);
        missed.Call.RingTime.Should().Be(TimeSpan.FromSeconds(9));
        missed.Call.EndedAt.Should().Be(missed.OccurredAt);
        missed.ReceivedAt.Should().BeAfter(missed.OccurredAt);
    }

    [Fact]
    public void Answered_Default_HasNotEnded() => CallEvents.Answered().Call.EndedAt.Should().BeNull();

    [Fact]
    public void Missed_Anonymous_HasNoCaller() => CallEvents.Missed(from: null).Caller.ChatId.Should().BeNull();

    [Fact]
    public void Missed_IdGiven_IsKeyedAsTheInboxDoes()
    {
        var missed = CallEvents.Missed("70000000101@c.us", 7, "A");

        missed.Call.Key.Should().Be(new CallKey(7, "A"));
        missed.Id.Should().Be("7/A/Missed");
        missed.Notification!.IdMessage.Should().Be("A");
        missed.IsLive.Should().BeFalse();
        missed.Call.Outcome.Should().Be(CallOutcome.Missed);
    }

    [Fact]
    public void Offered_NoIdGiven_HasTheVendorFormatAndNoPhoneNumber()
    {
        var offered = CallEvents.Offered("70000000101@c.us");

        offered.Call.Key.IdMessage.Should().MatchRegex("^[0-9A-F]{32}$").And.NotContain("70000000101");
        offered.Id.Should().NotContain("70000000101");
    }

    [Fact]
    public void Offered_NoIdGiven_IsOneCallPerCaller()
    {
        CallEvent[] offers = [CallEvents.Offered(), CallEvents.Offered("70000000102@c.us"), CallEvents.Offered(from: null)];

        offers.Select(offer => offer.Call.Key).Should().OnlyHaveUniqueItems();
        CallEvents.Missed(from: null).Call.Key.Should().Be(offers[2].Call.Key);
    }

    [Fact]
    public void CreateRecord_Missed_IsWhatARecorderReceives()
    {
        var missed = CallEvents.Missed("70000000101@c.us", name: "Ivan");

        CallEvents.CreateRecord(missed).Should().BeEquivalentTo(new
        {
            EventId = missed.Id,
            missed.Call,
            missed.Caller.ChatId,
            Label = CallLabel.MissedCall,
            Text = "Missed call",
            missed.Caller,
            PreviousOutcome = CallOutcome.None,
            missed.OccurredAt,
        });
    }

    [Fact]
    public void CreateRecord_TextGiven_HasIt() => CallEvents.CreateRecord(CallEvents.Dropped(), "Сброшенный звонок").Text.Should().Be("Сброшенный звонок");

    [Fact]
    public void CreateRecord_EventWithoutLabel_IsRefused()
    {
        var offered = CallEvents.Offered();
        var unlabelled = new CallEvent { Id = offered.Id, Kind = offered.Kind, Call = offered.Call, OccurredAt = offered.OccurredAt, ReceivedAt = offered.ReceivedAt };

        FluentActions.Invoking(() => CallEvents.CreateRecord(unlabelled)).Should().Throw<ArgumentException>().WithMessage("The event has no label*");
    }

    [Fact]
    public void CreateAlert_OfferAndOutcome_AreTheSameAlert()
    {
        var offered = CallEvents.Offered("70000000101@c.us", name: "Ivan");

        var raised = CallEvents.CreateAlert(offered);
        var withdrawn = CallEvents.CreateAlert(CallEvents.Missed("70000000101@c.us", name: "Ivan"));

        raised.EventId.Should().Be(offered.Id);
        raised.Caller.DisplayName.Should().Be("Ivan");
        raised.ChatId.Should().Be(offered.Caller.ChatId);
        raised.ExpiresAt.Should().Be(offered.OccurredAt.AddMinutes(1));
        withdrawn.Should().BeEquivalentTo(raised, options => options.Excluding(alert => alert.Call));
        withdrawn.Call.Outcome.Should().Be(CallOutcome.Missed);
    }
}
