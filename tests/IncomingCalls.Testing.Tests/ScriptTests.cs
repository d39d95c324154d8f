namespace IncomingCalls.Testing.Tests;

public class ScriptTests
{
    [Fact]
    public async Task PlaceCall_EveryStep_IsTheDocumentedStatus()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();

        instance.PlaceCall().Ring().Answer().Drop().Drop(olderSpelling: true).Miss().Decline().Send("transferred").Send(null).Repeat();

        var calls = instance.History.Select(sent => NotificationReader.Read(sent.Body.Span).Call!).ToArray();
        calls.Select(call => call.RawStatus).Should().Equal("offer", "pickUp", "hungUp", "hangUp", "missed", "declined", "transferred", null, null);
        calls.Select(call => call.IdMessage).Distinct().Should().ContainSingle().Which.Should().MatchRegex("^[0-9A-F]{32}$");
    }

    [Fact]
    public async Task PlaceCall_UnusualOnes_AreWritten()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();

        instance.PlaceCall("70000000101@c.us", call =>
        {
            call.OutcomeFrom = instance.Wid;
            call.IsVideo = true;
            call.Participants = ["70000000101@c.us"];
            call.TimestampShift = TimeSpan.FromHours(-2);
        }).Ring().Decline();
        instance.PlaceCall(from: null).Ring();
        instance.PlaceCall(instance.Wid).Ring();

        var calls = instance.History.Select(sent => NotificationReader.Read(sent.Body.Span).Call!).ToArray();
        calls[0].From!.Value.Value.Should().Be("70000000101@c.us");
        calls[0].IsVideo.Should().BeTrue();
        calls[0].Participants.Should().ContainSingle();
        (instance.History[0].EnqueuedAt - calls[0].Timestamp!.Value).Should().BeCloseTo(TimeSpan.FromHours(2), TimeSpan.FromSeconds(2));
        calls[1].IsFromSelf.Should().BeTrue();
        calls[2].From.Should().BeNull();
        calls[3].IsFromSelf.Should().BeTrue();
    }

    [Fact]
    public async Task PlaceCall_OnMax_HasADecimalId()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance(options => options.TypeInstance = "v3");

        instance.PlaceCall("10000001").IdMessage.Should().MatchRegex("^[0-9]{18}$");
    }

    [Fact]
    public void CallEvents_Each_IsWhatAHandlerWouldGet()
    {
        CallEvents.Offered().Should().Match<CallEvent>(e => e.IsLive && e.Kind == CallEventKind.Offered && e.Call.Outcome == CallOutcome.None);
        CallEvents.Answered().Should().Match<CallEvent>(e => !e.IsLive && e.Call.Outcome == CallOutcome.Answered && e.Call.EndedAt == null);
        CallEvents.Dropped().Should().Match<CallEvent>(e => e.Call.IsUnanswered && e.Decision.Label == CallLabel.DroppedCall);
        CallEvents.Missed("70000000101@c.us", 7, "A", "Ivan").Should().Match<CallEvent>(e =>
            e.Id == "7/A/Missed" && e.Caller.DisplayName == "Ivan" && e.Call.Caller == e.Caller && e.Call.RingTime == TimeSpan.FromSeconds(9)
            && e.Notification!.Status == CallStatus.Declined && e.Call.Version > CallEvents.Offered("70000000101@c.us", 7, "A").Call.Version);
        CallEvents.Missed(from: null).Caller.DisplayName.Should().BeEmpty();
    }
}
