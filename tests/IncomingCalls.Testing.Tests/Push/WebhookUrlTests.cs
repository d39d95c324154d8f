using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Push;

/// <summary>Webhooks that are pushed to a real address.</summary>
public class WebhookUrlTests
{
    [Fact]
    public async Task SetWebhook_RealAddress_IsPostedOverTheNetworkInOrder()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await using var desk = await WebhookServer.StartAsync();
        gateway.Instance.Enqueue("1");
        gateway.Instance.Enqueue("2");

        gateway.Instance.SetWebhook(desk.Url);
        await gateway.Instance.WaitUntilAcknowledgedAsync();

        desk.Requests.Should().Equal(
            "POST /hook application/json; charset=utf-8  1",
            "POST /hook application/json; charset=utf-8  2");
    }

    [Fact]
    public async Task SetWebhook_NoServer_IsRedeliveredAfterAMinute()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var sent = gateway.Instance.Enqueue("1");

        // Port 1 has no listener on a test machine.
        gateway.Instance.SetWebhook(new("http://127.0.0.1:1/hook"));
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));
        gateway.Clock.Advance(TimeSpan.FromSeconds(60));
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60), times: 2);

        sent.Deliveries.Should().HaveCount(2).And.OnlyContain(delivery => delivery.StatusCode == null);
        sent.AcknowledgedAt.Should().BeNull();
    }

    [Fact]
    public async Task SetWebhook_None_IsPolledAgain()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await using var desk = await WebhookServer.StartAsync();
        gateway.Instance.SetWebhook(desk.Url);

        gateway.Instance.SetWebhook(null);
        gateway.Instance.Enqueue("1");

        (await gateway.ReceiveHeadAsync()).GetProperty("body").GetInt32().Should().Be(1);
        desk.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task SetSettings_AfterPushThrough_PostsToTheNewAddress()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await using var network = await WebhookServer.StartAsync();
        var memory = new FakeWebhookHandler();
        gateway.Instance.PushThrough(memory.Client);

        await gateway.SendAsync(HttpMethod.Post, "setSettings", json: $$"""{"webhookUrl":"{{network.Url}}"}""");
        gateway.Instance.Enqueue("1");
        await gateway.Instance.WaitUntilAcknowledgedAsync();

        network.Requests.Should().HaveCount(1);
        memory.PendingCount.Should().Be(0);
    }

    [Fact]
    public async Task Options_ShortTimes_AreUsedInstead()
    {
        await using var gateway = await GatewayFixture.StartAsync(options =>
        {
            options.AnswerTimeout = TimeSpan.FromSeconds(2);
            options.ResendAfter = TimeSpan.FromSeconds(3);
        });
        var desk = new FakeWebhookHandler();
        gateway.Instance.PushThrough(desk.Client);
        gateway.Instance.Enqueue("1");

        await desk.NextAsync();
        gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(3));
        gateway.Clock.Advance(TimeSpan.FromSeconds(3));

        (await desk.NextAsync()).Body.Should().Be("1");
    }
}
