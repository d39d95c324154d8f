using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public class QueueMaintenanceMethodsTests
{
    [Theory]
    [InlineData(false, "count")]
    [InlineData(true, "\u0441ount")]
    public async Task GetWebhooksCount_PendingNotifications_CountsThem(bool cyrillic, string key)
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.CyrillicCountKey = cyrillic);
        gateway.Instance.Enqueue("1");
        gateway.Instance.Enqueue("2");

        var answer = await GatewayFixture.ReadJsonAsync(await gateway.SendAsync(HttpMethod.Get, "getWebhooksCount"));

        answer.GetProperty(key).GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task ClearWebhooksQueue_PendingNotifications_DropsThem()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var dropped = gateway.Instance.Enqueue("1");

        var answer = await ClearAsync(gateway);

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"isCleared":true,"reason":""}""");
        gateway.Instance.WaitingCount.Should().Be(0);
        dropped.IsCleared.Should().BeTrue();
        dropped.AcknowledgedAt.Should().BeNull();
    }

    [Fact]
    public async Task ClearWebhooksQueue_AgainWithinAMinute_ReturnsTheRemainingTime()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await ClearAsync(gateway);
        gateway.Instance.Enqueue("1");

        gateway.Clock.Advance(TimeSpan.FromSeconds(59));
        var tooSoon = await GatewayFixture.ReadJsonAsync(await ClearAsync(gateway));
        tooSoon.GetProperty("isCleared").GetBoolean().Should().BeFalse();
        tooSoon.GetProperty("leftTime").GetInt32().Should().Be(1);
        gateway.Instance.WaitingCount.Should().Be(1);

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        (await GatewayFixture.ReadJsonAsync(await ClearAsync(gateway))).GetProperty("isCleared").GetBoolean().Should().BeTrue();
        gateway.Instance.WaitingCount.Should().Be(0);
    }

    [Fact]
    public async Task ClearWebhooksQueue_WithoutLimits_MayBeRepeated()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.EnforceRateLimits = false);
        await ClearAsync(gateway);

        (await GatewayFixture.ReadJsonAsync(await ClearAsync(gateway))).GetProperty("isCleared").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task ClearWebhooksQueue_WhileAWebhookIsSet_Is400()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.SetWebhook(new("http://127.0.0.1:1/"));
        gateway.Instance.Enqueue("1");

        (await ClearAsync(gateway)).StatusCode.Should().Be(HttpStatusCode.BadRequest);

        gateway.Instance.WaitingCount.Should().Be(1);
    }

    private static Task<HttpResponseMessage> ClearAsync(GatewayFixture gateway) => gateway.SendAsync(HttpMethod.Delete, "clearWebhooksQueue");
}
