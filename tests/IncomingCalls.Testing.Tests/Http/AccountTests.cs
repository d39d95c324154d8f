using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public class AccountTests
{
    [Fact]
    public async Task GetSettings_NewInstance_ReturnsSwitchesAsText()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var settings = await GatewayFixture.ReadJsonAsync(await gateway.SendAsync(HttpMethod.Get, "getSettings"));

        settings.GetProperty("wid").GetString().Should().Be("70000000001@c.us");
        settings.GetProperty("webhookUrl").GetString().Should().BeEmpty();
        settings.GetProperty("webhookUrlToken").GetString().Should().BeEmpty();
        settings.GetProperty("incomingWebhook").GetString().Should().Be("yes");
        settings.GetProperty("incomingCallWebhook").GetString().Should().Be("yes");
        settings.GetProperty("outgoingCallWebhook").GetString().Should().Be("no");
        settings.GetProperty("enableLidMode").GetString().Should().Be("no");
    }

    [Fact]
    public async Task SetSettings_SomeKeys_PreservesOtherValues()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Settings.WebhookUrlToken = "unchanged-token";

        var answer = await gateway.SendAsync(HttpMethod.Post, "setSettings",
            json: """{"webhookUrl":"http://127.0.0.1:1/","incomingCallWebhook":"no","outgoingCallWebhook":"yes","enableLidMode":true,"unknown":5}""");

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"saveSettings":true}""");
        gateway.Instance.Settings.Should().BeEquivalentTo(new
        {
            WebhookUrl = "http://127.0.0.1:1/",
            WebhookUrlToken = "unchanged-token",
            IncomingWebhook = true,
            IncomingCallWebhook = false,
            OutgoingCallWebhook = true,
            EnableLidMode = true,
        });
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("nothing")]
    public async Task SetSettings_NoObject_Is400(string json)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        (await gateway.SendAsync(HttpMethod.Post, "setSettings", json: json)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task SetSettings_WebhookUrlAndToken_StartsPushingWithThem()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await using var desk = await WebhookServer.StartAsync();
        gateway.Instance.Enqueue("1");

        await gateway.SendAsync(HttpMethod.Post, "setSettings", json: $$"""{"webhookUrl":"{{desk.Url}}","webhookUrlToken":"Bearer secret"}""");
        await gateway.Instance.WaitUntilAcknowledgedAsync();

        desk.Requests.Should().ContainSingle().Which.Should().Be("POST /hook application/json; charset=utf-8 Bearer secret 1");
    }

    [Theory]
    [InlineData(SimulatedState.Authorized, "authorized")]
    [InlineData(SimulatedState.NotAuthorized, "notAuthorized")]
    [InlineData(SimulatedState.Blocked, "blocked")]
    [InlineData(SimulatedState.Starting, "starting")]
    [InlineData(SimulatedState.YellowCard, "yellowCard")]
    [InlineData(SimulatedState.Suspended, "suspended")]
    [InlineData(SimulatedState.SleepMode, "sleepMode")]
    [InlineData(SimulatedState.PendingPassword, "pendingPassword")]
    public async Task GetStateInstance_AnyState_IsNamedAsDocumented(SimulatedState state, string name)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = state;

        var answer = await (await gateway.SendAsync(HttpMethod.Get, "getStateInstance")).Content.ReadAsStringAsync();

        answer.Should().Be($$"""{"stateInstance":"{{name}}"}""");
    }

    [Fact]
    public async Task GetStateInstance_BeingCreated_IsNull()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = SimulatedState.Creating;

        (await (await gateway.SendAsync(HttpMethod.Get, "getStateInstance")).Content.ReadAsStringAsync()).Should().Be("null");
    }

    [Fact]
    public async Task GetWaSettings_LoggedIn_HasThePhoneNumberAndTheLinkedId()
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.Wid = "70000000009@c.us");
        gateway.Instance.LinkedId = "155500000000009@lid";
        gateway.Instance.PlaceCall(gateway.Instance.Wid, call => call.Quirks = CallQuirks.Lid).Ring();

        var answer = await (await gateway.SendAsync(HttpMethod.Get, "getWaSettings")).Content.ReadAsStringAsync();

        answer.Should().Be("""{"avatar":"","phone":"70000000009","chatId":"155500000000009@lid","stateInstance":"authorized","deviceId":"","logoutProcess":false,"suspendedUntil":0}""");
        NotificationReader.Read(gateway.Instance.History[0].Body.Span).Call!.From!.Value.Value.Should().Be("155500000000009@lid");
    }

    [Theory]
    [InlineData(SimulatedState.NotAuthorized)]
    [InlineData(SimulatedState.Blocked)]
    [InlineData(SimulatedState.Starting)]
    public async Task GetWaSettings_NotLoggedIn_HasNeither(SimulatedState state)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = state;

        var settings = await GatewayFixture.ReadJsonAsync(await gateway.SendAsync(HttpMethod.Get, "getWaSettings"));

        (settings.GetProperty("phone").GetString(), settings.GetProperty("chatId").GetString()).Should().Be(("", ""));
    }

    [Theory]
    [InlineData(SimulatedState.Suspended, "suspendedUntil")]
    [InlineData(SimulatedState.YellowCard, "yellowCardUntil")]
    public async Task GetWaSettings_Suspended_HasTheEnd(SimulatedState state, string name)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = state;
        gateway.Instance.SuspendedUntil = gateway.Clock.GetUtcNow().AddHours(3);

        var settings = await GatewayFixture.ReadJsonAsync(await gateway.SendAsync(HttpMethod.Get, "getWaSettings"));

        settings.GetProperty(name).GetInt64().Should().Be(1790000000 + 10800);
    }
}
