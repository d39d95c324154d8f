using System.Net;
using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.AspNetCore.Tests.Pipeline;

/// <summary>The endpoint in hosts with global policies that would block it.</summary>
public sealed class HostPipelineTests
{
    [Fact]
    public async Task Post_HostWithFallbackPolicy_RequiresNoAuthentication()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureHost = builder =>
            {
                builder.Services.AddAuthentication("none").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NoUserAuthenticationHandler>("none", null);
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            ConfigurePipeline = app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/other", () => "secret");
            },
        });

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(), token: null)).Should().Be(401);
        using var other = await host.Client.GetAsync(new Uri(host.Address, "/other"));
        other.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "the policy is in force");
    }

    [Fact]
    public async Task Post_HostWithGlobalRateLimiter_IsNotLimited()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureHost = builder => builder.Services.AddRateLimiter(options =>
            {
                options.RejectionStatusCode = 429;
                options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetFixedWindowLimiter(
                    "all", _ => new() { PermitLimit = 1, Window = TimeSpan.FromDays(1) }));
            }),
            ConfigurePipeline = app =>
            {
                app.UseRateLimiter();
                app.MapGet("/other", () => "once");
            },
        });

        for (var i = 0; i < 10; i++)
        {
            (await host.PostForStatusAsync(NotificationJson.CreateCall(id: $"CALL{i}"))).Should().Be(200);
        }

        using var first = await host.Client.GetAsync(new Uri(host.Address, "/other"));
        using var second = await host.Client.GetAsync(new Uri(host.Address, "/other"));
        second.StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "the limiter is in force");
    }

    [Fact]
    public async Task Post_HostWithAntiforgeryTimeoutsOutputCacheAndStatusPages_IsUnaffected()
    {
        var timed = false;
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureHost = builder =>
            {
                builder.Services.AddAntiforgery();
                builder.Services.AddRequestTimeouts(options => options.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(30) });
                builder.Services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache()));
            },
            ConfigurePipeline = app =>
            {
                app.UseStatusCodePagesWithRedirects("/error/{0}");
                app.UseRequestTimeouts();
                app.Use((context, next) =>
                {
                    timed |= context.Features.Get<IHttpRequestTimeoutFeature>() is not null;
                    return next(context);
                });
                app.UseAntiforgery();
                app.UseOutputCache();
            },
        });

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);
        (await host.PostForStatusAsync("")).Should().Be(400);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(), "wrong")).Should().Be(401);
        timed.Should().BeFalse("with the in-memory inbox a handler may take longer than the request timeout of the host");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ServerBodyLimitBelowTheOption_OptionApplies(bool isChunked)
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureKestrel = kestrel => kestrel.Limits.MaxRequestBodySize = 1000 });
        var bytes = NotificationJson.Utf8(NotificationJson.CreateOtherType(data: $"\"{new string('x', 100_000)}\""));
        using HttpContent content = isChunked ? new StreamContent(new ChunkedStream(bytes)) : new ByteArrayContent(bytes);

        using var response = await host.SendAsync(content);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task MapIncomingCalls_InAGroup_UsesItsPrefixAndStaysAnonymous()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureHost = builder =>
            {
                builder.Services.AddAuthentication("none").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NoUserAuthenticationHandler>("none", null);
                builder.Services.AddAuthorization();
            },
            ConfigurePipeline = app =>
            {
                app.UseAuthorization();
                app.MapGroup("/tenants/{idInstance:long}").RequireAuthorization().MapIncomingCalls("/calls");
            },
        });

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), path: "/tenants/1101000001/calls")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(id: "AAAA02"), path: "/tenants/1101000002/calls")).Should().Be(403);
    }
}

/// <summary>An authentication scheme that never authenticates.</summary>
internal sealed class NoUserAuthenticationHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
}
