using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

public sealed class TokenReloadTests
{
    [Fact]
    public async Task Post_TokenRotatedWhileRunning_FollowsConfiguration()
    {
        await using var host = await WebhookHost.StartAsync(new() { Webhook = null, Configuration = { ["Webhook:Tokens:0"] = "old" } });
        (await host.StatusAsync(Wire.Foreign(), "Bearer old")).Should().Be(200);
        (await host.StatusAsync(Wire.Foreign(), "Bearer new")).Should().Be(401);

        host.Reconfigure("Webhook:Tokens:1", "Bearer new");
        (await host.StatusAsync(Wire.Foreign(), "Bearer old")).Should().Be(200);
        (await host.StatusAsync(Wire.Foreign(), "Bearer new")).Should().Be(200);

        host.Reconfigure("Webhook:Tokens:0", "new");
        (await host.StatusAsync(Wire.Foreign(), "Bearer old")).Should().Be(401);
        (await host.StatusAsync(Wire.Foreign(), "Bearer new")).Should().Be(200);
    }

    [Fact]
    public async Task Post_LimitAndSendersChangedWhileRunning_FollowsConfiguration()
    {
        await using var host = await WebhookHost.StartAsync(new() { Configuration = { ["Webhook:MaxBodyBytes"] = "2048", ["Webhook:AllowedSenders:0"] = "127.0.0.0/8" } });
        var body = Wire.Foreign(data: $"\"{new string('x', 4000)}\"");
        (await host.StatusAsync(body)).Should().Be(413);

        host.Reconfigure("Webhook:MaxBodyBytes", "8192");
        (await host.StatusAsync(body)).Should().Be(200);

        host.Reconfigure("Webhook:AllowedSenders:0", "203.0.113.0/24");
        (await host.StatusAsync(body)).Should().Be(403);
    }

    [Fact]
    public async Task Post_ConfigurationBrokenWhileRunning_GoesOnUnderTheLastValidOne()
    {
        await using var host = await WebhookHost.StartAsync(new() { Webhook = null, Configuration = { ["Webhook:Tokens:0"] = "old" } });
        (await host.StatusAsync(Wire.Foreign(), "old")).Should().Be(200);

        // Whoever changes the configuration is told at once, too.
        host.Invoking(h => h.Reconfigure("Webhook:Tokens:0", "Bearer ")).Should().Throw<Exception>();
        (await host.StatusAsync(Wire.Foreign(), "old")).Should().Be(200);
        (await host.StatusAsync(Wire.Foreign(), "other")).Should().Be(401, "a broken edit lets nobody else in");
        host.Logs.Of(900).Should().ContainSingle().Which.Should().Match<LogEntry>(entry => entry.Level == LogLevel.Error && entry.Text.Contains("IncomingCalls:Webhook:Tokens:0"));

        host.Reconfigure("Webhook:Tokens:0", "new");
        (await host.StatusAsync(Wire.Foreign(), "new")).Should().Be(200);
        (await host.StatusAsync(Wire.Foreign(), "old")).Should().Be(401);
    }

    [Fact]
    public async Task Post_ValueThatCannotBeReadWhileRunning_GoesOnUnderTheLastValidOne()
    {
        await using var host = await WebhookHost.StartAsync(new() { Webhook = null, Configuration = { ["Webhook:Tokens:0"] = "old" } });

        host.Invoking(h => h.Reconfigure("Webhook:MaxBodyBytes", "much")).Should().Throw<Exception>();

        (await host.StatusAsync(Wire.Foreign(), "old")).Should().Be(200);
        host.Logs.Of(900).Should().ContainSingle().Which.Text.Should().Contain("IncomingCalls:Webhook:MaxBodyBytes cannot be read. Write a whole number.");
    }
}
