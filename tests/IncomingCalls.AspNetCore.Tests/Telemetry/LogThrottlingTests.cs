using System.Net;
using IncomingCalls.AspNetCore.Tests.Hosting;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.AspNetCore.Tests.Telemetry;

public sealed class LogThrottlingTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Post_ManyWrongTokens_AreLoggedOncePerMinute()
    {
        await using var host = await StartAsync();

        await PostAsync(host, 50, "wrong", 401);
        host.Logs.WithId(2001).Should().ContainSingle().Which.Text.Should().StartWith("1 webhook requests were answered 401");

        _clock.Advance(TimeSpan.FromSeconds(59));
        await PostAsync(host, 1, "wrong", 401);
        host.Logs.WithId(2001).Should().ContainSingle();

        _clock.Advance(TimeSpan.FromSeconds(1));
        await PostAsync(host, 1, token: null, 401);
        host.Logs.WithId(2001).Should().HaveCount(2);
        host.Logs.WithId(2001)[1].Text.Should().StartWith("51 webhook requests were answered 401").And.Contain("no Authorization header");
    }

    [Fact]
    public async Task Post_WrongTokenOfTheDoctor_IsNamedInTheLog()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/webhooks/green-api")) { Content = new StringContent("{}") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer wrong");
        request.Headers.TryAddWithoutValidation("User-Agent", "IncomingCalls-Doctor/0.1.0 (wrong token)");

        using var response = await host.Client.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        host.Logs.WithId(2001).Should().ContainSingle().Which.Text.Should().Contain(
            "The request is the check of the doctor whether a wrong token is rejected (User-Agent IncomingCalls-Doctor). If somebody has run the doctor, nothing is to be done.");
    }

    [Fact]
    public async Task Post_InboxUnavailable_IsLoggedOncePerMinute()
    {
        var inbox = new FakeDurableInbox { WriteFailure = new CallInboxUnavailableException("The disk is full.") };
        await using var host = await StartAsync(inbox);

        await PostAsync(host, 20, WebhookHostOptions.Token, 503);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await PostAsync(host, 20, WebhookHostOptions.Token, 503);

        host.Logs.WithId(2010).Should().HaveCount(2);
        host.Logs.WithId(2010)[1].Text.Should().StartWith("20 webhook requests were answered 503").And.Contain("The disk is full.");
    }

    private static async Task PostAsync(WebhookHost host, int count, string? token, int expected)
    {
        for (var i = 0; i < count; i++)
        {
            (await host.PostForStatusAsync(NotificationJson.CreateCall(), token)).Should().Be(expected);
        }
    }

    private Task<WebhookHost> StartAsync(ICallInbox? inbox = null) => WebhookHost.StartAsync(new()
    {
        ConfigureHost = builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_clock);
            if (inbox is not null)
            {
                builder.Services.AddSingleton(inbox);
            }
        },
    });
}
