using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public class RateLimitTests
{
    private static readonly string[] OncePerSecond = ["getStateInstance", "getSettings", "getWebhooksCount", "getWaSettings", "lastIncomingCalls", "lastOutgoingCalls"];

    [Fact]
    public async Task Limits_OnePerSecond_AreMethodByMethod()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        foreach (var method in OncePerSecond)
        {
            (await StatusAsync(gateway, method)).Should().Be(200);
            (await StatusAsync(gateway, method)).Should().Be(429);
        }

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var method in OncePerSecond)
        {
            (await StatusAsync(gateway, method)).Should().Be(200);
        }
    }

    [Fact]
    public async Task Limits_SettingAndClearing_AreOnePerSecondToo()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        foreach (var (verb, method) in new[] { (HttpMethod.Post, "setSettings"), (HttpMethod.Delete, "clearWebhooksQueue") })
        {
            ((int)(await gateway.SendAsync(verb, method, json: "{}")).StatusCode).Should().Be(200);
            ((int)(await gateway.SendAsync(verb, method, json: "{}")).StatusCode).Should().Be(429);
        }
    }

    [Theory]
    [InlineData("whatsapp", "70000000101@c.us", 1)]
    [InlineData("telegram", "10000001", 1)]
    [InlineData("v3", "10000001", 10)]
    public async Task Limits_GetContactInfo_DependOnTheMessenger(string typeInstance, string chatId, int limit)
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = typeInstance);
        for (var i = 0; i < limit; i++)
        {
            ((int)(await gateway.GetContactInfoAsync(chatId)).StatusCode).Should().Be(200);
        }

        ((int)(await gateway.GetContactInfoAsync(chatId)).StatusCode).Should().Be(429);
    }

    [Fact]
    public async Task Limits_CheckWhatsapp_AreTen()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            ((int)(await gateway.CheckWhatsappAsync("""{"chatId":"70000000101@c.us"}""")).StatusCode).Should().Be(200);
        }

        ((int)(await gateway.CheckWhatsappAsync("""{"chatId":"70000000101@c.us"}""")).StatusCode).Should().Be(429);
    }

    [Fact]
    public async Task Limits_ReceiveAndDelete_AreAHundredEach()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Enqueue("1");
        for (var i = 0; i < 100; i++)
        {
            ((int)(await gateway.ReceiveAsync()).StatusCode).Should().Be(200);
            ((int)(await gateway.DeleteAsync(99)).StatusCode).Should().Be(200);
        }

        ((int)(await gateway.ReceiveAsync()).StatusCode).Should().Be(429);
        ((int)(await gateway.DeleteAsync(99)).StatusCode).Should().Be(429);
    }

    [Fact]
    public async Task Limits_OtherInstance_HasItsOwn()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var other = gateway.Simulator.AddInstance();
        await StatusAsync(gateway, "getStateInstance");

        var answer = await gateway.SendToAsync(HttpMethod.Get, $"waInstance{other.IdInstance}/getStateInstance/{other.ApiTokenInstance}");

        ((int)answer.StatusCode).Should().Be(200);
    }

    [Fact]
    public async Task Limits_SwitchedOff_DoNotCount()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.EnforceRateLimits = false);

        (await StatusAsync(gateway, "getStateInstance")).Should().Be(200);
        (await StatusAsync(gateway, "getStateInstance")).Should().Be(200);
    }

    private static async Task<int> StatusAsync(GatewayFixture gateway, string method) => (int)(await gateway.SendAsync(HttpMethod.Get, method)).StatusCode;
}
