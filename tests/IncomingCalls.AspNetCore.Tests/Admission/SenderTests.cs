using System.Net;
using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace IncomingCalls.AspNetCore.Tests.Admission;

public sealed class SenderTests
{
    [Fact]
    public async Task Post_SenderNotAllowed_Answers403BeforeTheTokenAndTheBody()
    {
        await using var host = await WebhookHost.StartAsync(Setup("203.0.113.0/24"));
        using var connection = await RawConnection.OpenAsync(host);
        await connection.SendHeadAsync("Content-Length: 400", "wrong");

        (await connection.ReadStatusAsync()).Should().Be(403);

        host.Logs.WithId(2000).Should().ContainSingle().Which.Text.Should().Contain("127.0.0.1");
        host.Logs.WithId(2001).Should().BeEmpty();
    }

    [Fact]
    public async Task Post_SenderAllowed_StillRequiresTheToken()
    {
        await using var host = await WebhookHost.StartAsync(Setup("203.0.113.0/24", "127.0.0.1"));

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType())).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "wrong")).Should().Be(401);
    }

    [Theory]
    [InlineData("::ffff:203.0.113.7", 200)]
    [InlineData("203.0.113.7", 200)]
    [InlineData("198.51.100.1", 403)]
    [InlineData(null, 403)]
    public async Task Post_AddressSetByMiddleware_IsUsed(string? address, int expected)
    {
        var setup = Setup("203.0.113.0/24");
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureWebhook = setup.ConfigureWebhook,
            ConfigurePipeline = app => app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
                return next(context);
            }),
        });

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType())).Should().Be(expected);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 403)]
    public async Task Post_ForwardedHeader_IsUsedOnlyThroughTheMiddleware(bool isUsed, int expected)
    {
        var setup = Setup("203.0.113.0/24");
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureWebhook = setup.ConfigureWebhook,
            ConfigurePipeline = app =>
            {
                if (isUsed)
                {
                    app.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
                }
            },
        });
        using var content = new StringContent(NotificationJson.CreateOtherType());
        content.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var response = await host.SendAsync(content);

        ((int)response.StatusCode).Should().Be(expected);
    }

    private static WebhookHostOptions Setup(params string[] senders) => new()
    {
        ConfigureWebhook = options =>
        {
            options.Tokens = [WebhookHostOptions.Token];
            options.AllowedSenders = senders;
        },
    };

    [Theory]
    [InlineData(false, null, "let it send X-Forwarded-For")]
    [InlineData(false, "203.0.113.9", "X-Forwarded-For was ignored")]
    [InlineData(true, "203.0.113.9", "add it to AllowedSenders")]
    [InlineData(true, "203.0.113.9, 203.0.113.8", "ForwardLimit")]
    public async Task Post_RefusedSender_LogSaysHowTheAddressWasFound(bool usesForwardedHeaders, string? forwardedFor, string advice)
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureWebhook = static options => (options.Tokens, options.AllowedSenders) = ([WebhookHostOptions.Token], ["198.51.100.0/24"]),
            ConfigurePipeline = app => _ = usesForwardedHeaders ? app.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor }) : app,
        });
        using var content = new ByteArrayContent(NotificationJson.Utf8(NotificationJson.CreateCall()));
        if (forwardedFor is not null)
        {
            host.Client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwardedFor).Should().BeTrue();
        }

        using var response = await host.SendAsync(content);

        ((int)response.StatusCode).Should().Be(403);
        host.Logs.WithId(2000).Should().ContainSingle().Which.Text.Should().Contain(advice);
    }
}
