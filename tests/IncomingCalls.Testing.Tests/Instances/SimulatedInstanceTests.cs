using System.Text;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Instances;

public sealed class SimulatedInstanceTests : IAsyncLifetime
{
    private const string Caller = "70000000101@c.us";

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public void LidMode_On_WritesLidsInsteadOfPhoneNumbers()
    {
        _gateway.Instance.Settings.EnableLidMode = true;

        _gateway.Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Instance.SendMessage(Caller, "hello");

        _gateway.Instance.LidOf(Caller).Should().MatchRegex("^[0-9]{15}@lid$").And.NotBe(_gateway.Instance.LidOf("70000000102@c.us"));
        _gateway.Instance.History.Select(sent => Encoding.UTF8.GetString(sent.Body.Span))
            .Should().OnlyContain(body => body.Contains(_gateway.Instance.LidOf(Caller)) && !body.Contains(Caller));
    }

    [Theory]
    [InlineData("120363000000000001@g.us")]
    [InlineData("10000001")]
    public void LidMode_NoPhoneNumber_IsUnchanged(string from)
    {
        _gateway.Instance.Settings.EnableLidMode = true;

        _gateway.Instance.PlaceCall(from).Ring();

        Encoding.UTF8.GetString(_gateway.Instance.History[0].Body.Span).Should().StartWith($$"""{"from":"{{from}}",""");
    }

    [Fact]
    public void SendMessage_MessagesSwitchedOff_SendsNothing()
    {
        _gateway.Instance.Settings.IncomingWebhook = false;

        _gateway.Instance.SendMessage(Caller, "hello").Should().BeNull();

        _gateway.Instance.PlaceCall(Caller).Ring();
        _gateway.Instance.History.Should().ContainSingle().Which.TypeWebhook.Should().Be("incomingCall");
    }

    [Fact]
    public void SendMessage_MessagesOn_IsAnOtherNotification()
    {
        var sent = _gateway.Instance.SendMessage(Caller, "hello")!;

        sent.TypeWebhook.Should().Be("incomingMessageReceived");
        Encoding.UTF8.GetString(sent.Body.Span).Should().Contain("\"textMessage\":\"hello\"");
    }

    [Fact]
    public void ToCallInstance_Instance_MatchesTheHostConfiguration() =>
        _gateway.Instance.ToCallInstance(_gateway.Simulator.ApiUrl, ReceiveMode.Webhook).Should().BeEquivalentTo(new
        {
            _gateway.Instance.IdInstance,
            _gateway.Instance.ApiTokenInstance,
            _gateway.Simulator.ApiUrl,
            Receive = ReceiveMode.Webhook,
        });
}
