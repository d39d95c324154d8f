using System.Net;
using System.Text.Json;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Instances;

public sealed class InstanceStateTests
{
    private static readonly TimeSpan Restart = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task SetSettings_WithARestart_ServesNothingUntilItEnds()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.RestartAfterSettings = Restart);
        gateway.Instance.PlaceCall().Ring();

        await gateway.SendAsync(HttpMethod.Post, "setSettings", json: """{"incomingWebhook":"no"}""");

        (await StateAsync(gateway)).Should().Be("starting");
        var refused = await gateway.ReceiveAsync();
        refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).Should().Be("instance in starting process try later");
        gateway.Instance.PlaceCall().Ring().Decline();
        gateway.Instance.SendMessage("70000000101@c.us", "hello").Should().BeNull();

        gateway.Clock.Advance(Restart);

        (await StateAsync(gateway)).Should().Be("authorized");
        gateway.Instance.PlaceCall().Ring();
        // The calls before and after the restart; calls during the restart are lost.
        gateway.Instance.WaitingCount.Should().Be(2);
        (await gateway.ReceiveHeadAsync()).GetProperty("receiptId").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task SetSettings_WebhookUrl_PushesAfterTheRestart()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.RestartAfterSettings = Restart);
        await using var desk = await WebhookServer.StartAsync();
        gateway.Instance.Enqueue("1");

        await gateway.SendAsync(HttpMethod.Post, "setSettings", json: $$"""{"webhookUrl":"{{desk.Url}}"}""");
        var settings = await GatewayFixture.ReadJsonAsync(await gateway.SendAsync(HttpMethod.Get, "getSettings"));
        settings.GetProperty("webhookUrl").GetString().Should().Be(desk.Url.AbsoluteUri);
        gateway.Instance.WaitingCount.Should().Be(1);
        desk.Requests.Should().BeEmpty();

        gateway.Clock.Advance(Restart);

        await gateway.Instance.WaitUntilAcknowledgedAsync();
        desk.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Restart_DuringALongPoll_EndsItEmpty()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var poll = gateway.ReceiveAsync("?receiveTimeout=60");
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));

        gateway.Instance.Restart(Restart);

        (await (await poll).Content.ReadAsStringAsync()).Should().Be("null");
    }

    [Fact]
    public async Task Restart_DuringARestart_StartsOver()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = SimulatedState.NotAuthorized;
        gateway.Instance.Restart(Restart);
        gateway.Clock.Advance(Restart / 2);
        gateway.Instance.Restart(Restart);

        gateway.Clock.Advance(Restart - TimeSpan.FromTicks(1));
        gateway.Instance.State.Should().Be(SimulatedState.Starting);
        gateway.Clock.Advance(TimeSpan.FromTicks(1));
        gateway.Instance.State.Should().Be(SimulatedState.NotAuthorized);
    }

    [Fact]
    public async Task ChangeState_ANewInstance_BecomesReadyStepByStep()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = SimulatedState.Creating;
        gateway.Instance.ChangeState(SimulatedState.NotAuthorized, TimeSpan.FromMinutes(1));
        gateway.Instance.ChangeState(SimulatedState.Authorized, TimeSpan.FromMinutes(2));

        List<string?> states = [await StateAsync(gateway)];
        for (var i = 0; i < 2; i++)
        {
            gateway.Clock.Advance(TimeSpan.FromMinutes(1));
            states.Add(await StateAsync(gateway));
        }

        states.Should().Equal(null, "notAuthorized", "authorized");
    }

    [Fact]
    public async Task ChangeState_DueDuringARestart_AppliesAfterIt()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.ChangeState(SimulatedState.NotAuthorized, TimeSpan.FromSeconds(1));
        gateway.Instance.Restart(TimeSpan.FromSeconds(2));

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        gateway.Instance.State.Should().Be(SimulatedState.Starting);
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        gateway.Instance.State.Should().Be(SimulatedState.NotAuthorized);
    }

    [Fact]
    public async Task State_SetDirectly_CancelsScheduledChanges()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.ChangeState(SimulatedState.Blocked, TimeSpan.FromSeconds(1));
        gateway.Instance.Restart(TimeSpan.FromSeconds(1));

        gateway.Instance.State = SimulatedState.NotAuthorized;
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));

        gateway.Instance.State.Should().Be(SimulatedState.NotAuthorized);
    }

    [Fact]
    public async Task ChangeState_NegativeTime_Throws()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        gateway.Instance.Invoking(one => one.ChangeState(SimulatedState.Blocked, TimeSpan.FromSeconds(-1))).Should().Throw<ArgumentOutOfRangeException>();
        gateway.Instance.Invoking(one => one.Restart(TimeSpan.FromSeconds(-1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task StateWebhook_On_SendsEachChange()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = SimulatedState.Blocked;
        await gateway.SendAsync(HttpMethod.Post, "setSettings", json: """{"stateWebhook":"yes"}""");

        gateway.Instance.State = SimulatedState.NotAuthorized;
        gateway.Instance.State = SimulatedState.NotAuthorized;
        gateway.Instance.State = SimulatedState.Creating;
        gateway.Instance.State = SimulatedState.Authorized;

        gateway.Instance.History.Select(notification => notification.TypeWebhook).Should().Equal("stateInstanceChanged", "stateInstanceChanged");
        var bodies = gateway.Instance.History.Select(notification => JsonSerializer.Deserialize(notification.Body.Span, JsonContext.Default.JsonElement)).ToArray();
        bodies.Select(body => body.GetProperty("stateInstance").GetString()).Should().Equal("notAuthorized", "authorized");
        bodies.Select(body => body.GetProperty("instanceData").GetProperty("wid").GetString()).Should().Equal("", "70000000001@c.us");
    }

    private static async Task<string?> StateAsync(GatewayFixture gateway)
    {
        var answer = await GatewayFixture.ReadJsonAsync(await gateway.SendAsync(HttpMethod.Get, "getStateInstance"));
        return answer.ValueKind == JsonValueKind.Null ? null : answer.GetProperty("stateInstance").GetString();
    }
}
