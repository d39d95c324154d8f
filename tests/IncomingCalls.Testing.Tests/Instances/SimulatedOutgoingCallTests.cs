using System.Text;
using System.Text.Json;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Instances;

public sealed class SimulatedOutgoingCallTests : IAsyncLifetime
{
    private const string Called = "70000000102@c.us";

    private GatewayFixture _gateway = null!;

    private SimulatedInstance Instance => _gateway.Instance;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync();
        Instance.Settings.OutgoingCallWebhook = true;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public void EndAnswered_Call_SendsTheDocumentedNotification()
    {
        var call = Instance.PlaceOutgoingCall(Called, options => options.TalkTime = TimeSpan.FromSeconds(31)).EndAnswered();

        call.To.Should().Be(Called);
        call.IdMessage.Should().MatchRegex("^[0-9A-F]{32}$");
        Text(0).Should().Be(
            $$"""{"typeWebhook":"outgoingCall","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"timestamp":1790000000,"idMessage":"{{call.IdMessage}}","from":"{{Called}}","isVideo":false,"duration":31,"status":"pickUp","participants":[{"id":"{{Called}}","status":"pickUp"}]}""");
        Instance.History.Should().ContainSingle();
    }

    [Fact]
    public void PlaceOutgoingCall_NotEnded_SendsNothing()
    {
        Instance.PlaceOutgoingCall(Called);

        Instance.History.Should().BeEmpty();
    }

    [Fact]
    public void End_EachStatus_IsSpelledAsDocumented()
    {
        var talkTime = TimeSpan.FromSeconds(31);
        Instance.PlaceOutgoingCall(Called, options => options.TalkTime = talkTime).EndAnswered();
        Instance.PlaceOutgoingCall(Called, options => options.TalkTime = talkTime).EndUnanswered();
        Instance.PlaceOutgoingCall(Called, options => options.TalkTime = talkTime).EndInvalid();
        Instance.PlaceOutgoingCall(Called, options => options.TalkTime = talkTime).End("busy");

        Bodies().Select(body => (body.GetProperty("status").GetString(), body.GetProperty("duration").GetInt32())).Should().Equal(("pickUp", 31), ("hungUp", 0), ("invalid", 0), ("busy", 0));
    }

    [Fact]
    public void PlaceOutgoingCall_UnusualOptions_AreWritten()
    {
        Instance.PlaceOutgoingCall("120363000000000001@g.us", options =>
        {
            options.IdMessage = "MINE";
            options.IsVideo = true;
            options.Participants = [Called, "70000000103@c.us"];
            options.TimestampShift = TimeSpan.FromMinutes(-10);
        }).EndUnanswered();

        var body = Bodies().Should().ContainSingle().Subject;
        body.GetProperty("idMessage").GetString().Should().Be("MINE");
        body.GetProperty("isVideo").GetBoolean().Should().BeTrue();
        body.GetProperty("timestamp").GetInt64().Should().Be(1790000000 - 600);
        body.GetProperty("participants").EnumerateArray().Select(participant => participant.GetProperty("id").GetString()).Should().Equal(Called, "70000000103@c.us");
    }

    [Fact]
    public void End_OutgoingCallsSwitchedOff_SendsNothing()
    {
        Instance.Settings.OutgoingCallWebhook = false;

        Instance.PlaceOutgoingCall(Called).EndUnanswered().Repeat();

        Instance.History.Should().BeEmpty();
    }

    [Theory]
    [InlineData(SimulatedState.NotAuthorized)]
    [InlineData(SimulatedState.Starting)]
    public void End_InstanceNotConnected_SendsNothing(SimulatedState state)
    {
        Instance.State = state;

        Instance.PlaceOutgoingCall(Called).EndUnanswered();

        Instance.History.Should().BeEmpty();
    }

    [Theory]
    [InlineData(CallQuirks.None, "hungUp")]
    [InlineData(CallQuirks.HangUp, "hangUp")]
    [InlineData(CallQuirks.Duplicates, "hungUp hungUp")]
    [InlineData(CallQuirks.LostOutcome, "")]
    [InlineData(CallQuirks.Classic | CallQuirks.Reordered | CallQuirks.OwnCall | CallQuirks.OwnNumber | CallQuirks.WrongFrom, "hungUp")]
    public void EndUnanswered_WithQuirks_SendsQuirkyNotifications(CallQuirks quirks, string statuses)
    {
        Instance.PlaceOutgoingCall(Called, options => options.Quirks = quirks).EndUnanswered();

        string.Join(' ', Bodies().Select(body => body.GetProperty("status").GetString())).Should().Be(statuses);
        Bodies().Should().NotContain(body => body.GetProperty("from").GetString() != Called);
    }

    [Fact]
    public void EndUnanswered_WithLid_NamesTheLinkedId()
    {
        Instance.CallQuirks = CallQuirks.Lid;

        Instance.PlaceOutgoingCall(Called).EndUnanswered();

        Text(0).Should().Contain($"\"from\":\"{Instance.LidOf(Called)}\"").And.Contain($"\"id\":\"{Instance.LidOf(Called)}\"").And.NotContain(Called);
    }

    [Fact]
    public void Repeat_EndedCall_SendsTheSameNotification()
    {
        Instance.PlaceOutgoingCall(Called).EndUnanswered().Repeat();

        Instance.History.Should().HaveCount(2);
        Text(1).Should().Be(Text(0));
    }

    [Fact]
    public void Repeat_NotificationSuppressed_SendsNothing()
    {
        Instance.PlaceOutgoingCall(Called, options => options.Quirks = CallQuirks.LostOutcome).EndUnanswered().Repeat();

        Instance.History.Should().BeEmpty();
    }

    [Fact]
    public void Methods_InTheWrongOrder_Throw()
    {
        var call = Instance.PlaceOutgoingCall(Called);

        call.Invoking(one => one.Repeat()).Should().Throw<InvalidOperationException>();
        call.EndUnanswered().Invoking(one => one.EndAnswered()).Should().Throw<InvalidOperationException>();
        Instance.History.Should().ContainSingle();
    }

    private string Text(int index) => Encoding.UTF8.GetString(Instance.History[index].Body.Span);

    private JsonElement[] Bodies() => [.. Instance.History.Select(sent => JsonSerializer.Deserialize(sent.Body.Span, JsonContext.Default.JsonElement))];
}
