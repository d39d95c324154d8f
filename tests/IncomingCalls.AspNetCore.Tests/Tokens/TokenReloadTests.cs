using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

public sealed class TokenReloadTests
{
    [Fact]
    public async Task Post_TokenRotatedWhileRunning_UsesTheNewToken()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = null, Configuration = { ["Webhook:Tokens:0"] = "old" } });
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer old")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer new")).Should().Be(401);

        host.SetConfiguration("Webhook:Tokens:1", "Bearer new");
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer old")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer new")).Should().Be(200);

        host.SetConfiguration("Webhook:Tokens:0", "new");
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer old")).Should().Be(401);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer new")).Should().Be(200);
    }

    [Fact]
    public async Task Post_LimitAndSendersChangedWhileRunning_UseTheNewValues()
    {
        await using var host = await WebhookHost.StartAsync(new() { Configuration = { ["Webhook:MaxBodyBytes"] = "2048", ["Webhook:AllowedSenders:0"] = "127.0.0.0/8" } });
        var body = NotificationJson.CreateCall()[..^1] + $",\"x\":\"{new string('x', 4000)}\"}}";
        (await host.PostForStatusAsync(body)).Should().Be(200);
        host.Recorder.Events.Should().BeEmpty("the call is longer than the limit");

        host.SetConfiguration("Webhook:MaxBodyBytes", "8192");
        (await host.PostForStatusAsync(body)).Should().Be(200);
        host.Recorder.Events.Should().ContainSingle();

        host.SetConfiguration("Webhook:AllowedSenders:0", "203.0.113.0/24");
        (await host.PostForStatusAsync(body)).Should().Be(403);
    }

    [Fact]
    public async Task Post_InvalidConfigurationWhileRunning_UsesTheLastValidOptions()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = null, Configuration = { ["Webhook:Tokens:0"] = "old" } });
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "old")).Should().Be(200);

        // The reload also throws to the code that changes the configuration.
        host.Invoking(h => h.SetConfiguration("Webhook:Tokens:0", "Bearer ")).Should().Throw<Exception>();
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "old")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "other")).Should().Be(401, "an invalid configuration must not open the webhook");
        host.Logs.WithId(900).Should().ContainSingle().Which.Should().Match<LogEntry>(entry => entry.Level == LogLevel.Error && entry.Text.Contains("IncomingCalls:Webhook:Tokens:0"));

        host.SetConfiguration("Webhook:Tokens:0", "new");
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "new")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "old")).Should().Be(401);
    }

    [Fact]
    public async Task Post_UnreadableValueWhileRunning_UsesTheLastValidOptions()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = null, Configuration = { ["Webhook:Tokens:0"] = "old" } });

        host.Invoking(h => h.SetConfiguration("Webhook:MaxBodyBytes", "much")).Should().Throw<Exception>();

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "old")).Should().Be(200);
        host.Logs.WithId(900).Should().ContainSingle().Which.Text.Should().Contain("IncomingCalls:Webhook:MaxBodyBytes cannot be read. Write a whole number.");
    }
}
