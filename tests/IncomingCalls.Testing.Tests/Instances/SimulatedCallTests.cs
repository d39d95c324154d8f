using System.Text;
using System.Text.Json;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Instances;

public sealed class SimulatedCallTests : IAsyncLifetime
{
    private const string Caller = "70000000101@c.us";

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public void Ring_Call_IsTheDocumentedOffer()
    {
        var call = _gateway.Instance.PlaceCall(Caller).Ring();

        call.IdMessage.Should().MatchRegex("^[0-9A-F]{32}$");
        Text(0).Should().Be(
            $$"""{"from":"{{Caller}}","typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"offer","timestamp":1790000000,"idMessage":"{{call.IdMessage}}"}""");
    }

    [Fact]
    public void Steps_EachStatus_IsSpelledAsDocumented()
    {
        var call = _gateway.Instance.PlaceCall().Ring().Answer().Drop().Drop(olderSpelling: true).Decline().Miss().Send("transferred");

        Bodies().Select(body => body.GetProperty("status").GetString())
            .Should().Equal("offer", "pickUp", "hungUp", "hangUp", "declined", "missed", "transferred");
        Bodies().Should().OnlyContain(body => body.GetProperty("idMessage").GetString() == call.IdMessage);
    }

    [Fact]
    public void Send_NoStatus_IsTheClassicNotification()
    {
        _gateway.Instance.PlaceCall(Caller).Send(null);

        Body(0).TryGetProperty("status", out _).Should().BeFalse();
        Body(0).GetProperty("from").GetString().Should().Be(Caller);
    }

    [Fact]
    public void PlaceCall_Anonymous_HasNoFrom()
    {
        _gateway.Instance.PlaceCall(from: null).Ring();

        Body(0).TryGetProperty("from", out _).Should().BeFalse();
    }

    [Fact]
    public void PlaceCall_UnusualOptions_AreWritten()
    {
        _gateway.Instance.PlaceCall(Caller, options =>
        {
            options.IdMessage = "MINE";
            options.IsVideo = true;
            options.Participants = ["70000000102@c.us"];
            options.OutcomeFrom = _gateway.Instance.Wid;
            options.TimestampShift = TimeSpan.FromMinutes(-10);
        }).Ring().Decline();

        Body(0).GetProperty("from").GetString().Should().Be(Caller);
        Body(1).GetProperty("from").GetString().Should().Be(_gateway.Instance.Wid);
        Body(1).GetProperty("isVideo").GetBoolean().Should().BeTrue();
        Body(1).GetProperty("timestamp").GetInt64().Should().Be(1790000000 - 600);
        Body(1).GetProperty("idMessage").GetString().Should().Be("MINE");
        var member = Body(1).GetProperty("participants").EnumerateArray().Should().ContainSingle().Subject;
        member.GetProperty("wid").GetString().Should().Be("70000000102@c.us");
        member.GetProperty("status").GetString().Should().Be("declined");
    }

    [Fact]
    public void PlaceCall_FromOwnNumber_IsReadAsFromSelf()
    {
        _gateway.Instance.PlaceCall(_gateway.Instance.Wid).Ring();

        NotificationReader.Read(_gateway.Instance.History.Single().Body.Span).Call!.IsFromSelf.Should().BeTrue();
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("telegram")]
    public void PlaceCall_OtherMessenger_HasADecimalId(string typeInstance)
    {
        var instance = _gateway.Simulator.AddInstance(options => options.TypeInstance = typeInstance);

        instance.PlaceCall("10000001").IdMessage.Should().MatchRegex("^[0-9]{1,18}$");
    }

    [Fact]
    public void Ring_CallsSwitchedOff_SendsNothing()
    {
        _gateway.Instance.Settings.IncomingCallWebhook = false;

        _gateway.Instance.PlaceCall().Ring().Decline().Repeat();

        _gateway.Instance.History.Should().BeEmpty();
    }

    [Fact]
    public void Repeat_AfterAnOutcome_SendsTheSameNotification()
    {
        _gateway.Instance.PlaceCall().Ring().Decline().Repeat();

        _gateway.Instance.History.Should().HaveCount(3);
        Text(2).Should().Be(Text(1));
    }

    [Fact]
    public void Repeat_NothingSent_Throws()
    {
        var call = _gateway.Instance.PlaceCall();

        call.Invoking(one => one.Repeat()).Should().Throw<InvalidOperationException>();
        _gateway.Instance.History.Should().BeEmpty();
    }

    [Theory]
    [InlineData(SimulatedState.NotAuthorized)]
    [InlineData(SimulatedState.Blocked)]
    [InlineData(SimulatedState.Expired)]
    public void Ring_InstanceNotConnected_IsNotReported(SimulatedState state)
    {
        _gateway.Instance.State = state;

        _gateway.Instance.PlaceCall().Ring();

        _gateway.Instance.History.Should().BeEmpty();
    }

    [Theory]
    [InlineData(SimulatedState.YellowCard)]
    [InlineData(SimulatedState.Suspended)]
    public void Ring_InstanceSuspended_IsReported(SimulatedState state)
    {
        _gateway.Instance.State = state;

        _gateway.Instance.PlaceCall().Ring();

        _gateway.Instance.History.Should().ContainSingle();
    }

    private string Text(int index) => Encoding.UTF8.GetString(_gateway.Instance.History[index].Body.Span);

    private JsonElement Body(int index) => JsonSerializer.Deserialize(_gateway.Instance.History[index].Body.Span, JsonContext.Default.JsonElement);

    private IEnumerable<JsonElement> Bodies() => Enumerable.Range(0, _gateway.Instance.History.Count).Select(Body);
}

public sealed class CallIdTests
{
    [Theory]
    [InlineData("whatsapp")]
    [InlineData("v3")]
    [InlineData("telegram")]
    public async Task IdMessage_OtherInstance_IsAnother(string typeInstance)
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = typeInstance);
        var other = gateway.Simulator.AddInstance(options => options.TypeInstance = typeInstance);

        other.PlaceCall().IdMessage.Should().NotBe(gateway.Instance.PlaceCall().IdMessage);
    }

    [Fact]
    public async Task IdMessage_OnMax_IsDecimalAndOnePerCall()
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = "v3");

        var ids = Enumerable.Range(0, 100).Select(_ => gateway.Instance.PlaceCall("10000001").IdMessage).ToArray();

        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 18 && id.All(char.IsAsciiDigit));
    }
}

public sealed class LidModeTests
{
    [Fact]
    public async Task Participants_LidModeOn_AreLids()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Settings.EnableLidMode = true;

        gateway.Instance.PlaceCall("70000000101@c.us", call => call.Participants = ["70000000101@c.us", "70000000102@c.us"]).Ring();

        var call = NotificationReader.Read(gateway.Instance.History.Single().Body.Span).Call!;
        call.Participants.Select(participant => participant.Id.Value).Should().Equal(
            gateway.Instance.LidOf("70000000101@c.us"), gateway.Instance.LidOf("70000000102@c.us"));
    }
}
