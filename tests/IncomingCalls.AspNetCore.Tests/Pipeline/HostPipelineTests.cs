using System.Net;
using System.Threading.RateLimiting;
using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Pipeline;

/// <summary>The endpoint inside hosts whose own rules would stand in its way.</summary>
public sealed class HostPipelineTests
{
    [Fact]
    public async Task Post_HostWithFallbackPolicy_IsNotAskedToSignIn()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            Host = builder =>
            {
                builder.Services.AddAuthentication("none").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NobodyHandler>("none", null);
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            Pipeline = app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/other", () => "secret");
            },
        });

        (await host.StatusAsync(Wire.Call())).Should().Be(200);
        (await host.StatusAsync(Wire.Call(), token: null)).Should().Be(401);
        using var other = await host.Client.GetAsync(new Uri(host.Address, "/other"));
        other.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "the policy is in force");
    }

    [Fact]
    public async Task Post_HostWithGlobalRateLimiter_IsNotLimited()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            Host = builder => builder.Services.AddRateLimiter(options =>
            {
                options.RejectionStatusCode = 429;
                options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetFixedWindowLimiter(
                    "all", _ => new() { PermitLimit = 1, Window = TimeSpan.FromDays(1) }));
            }),
            Pipeline = app =>
            {
                app.UseRateLimiter();
                app.MapGet("/other", () => "once");
            },
        });

        for (var i = 0; i < 10; i++)
        {
            (await host.StatusAsync(Wire.Call(id: $"CALL{i}"))).Should().Be(200);
        }

        using var first = await host.Client.GetAsync(new Uri(host.Address, "/other"));
        using var second = await host.Client.GetAsync(new Uri(host.Address, "/other"));
        second.StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "the limiter is in force");
    }

    [Fact]
    public async Task Post_HostWithAntiforgeryTimeoutsOutputCacheAndStatusPages_IsLeftAlone()
    {
        var timed = false;
        await using var host = await WebhookHost.StartAsync(new()
        {
            Host = builder =>
            {
                builder.Services.AddAntiforgery();
                builder.Services.AddRequestTimeouts(options => options.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(30) });
                builder.Services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache()));
            },
            Pipeline = app =>
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

        (await host.StatusAsync(Wire.Call())).Should().Be(200);
        (await host.StatusAsync("not json")).Should().Be(400);
        (await host.StatusAsync(Wire.Call(), "wrong")).Should().Be(401);
        timed.Should().BeFalse("an inline handler may take longer than the host's timeout");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ServerLimitBelowOurs_OursCounts(bool isChunked)
    {
        await using var host = await WebhookHost.StartAsync(new() { Kestrel = kestrel => kestrel.Limits.MaxRequestBodySize = 1000 });
        var bytes = Wire.Utf8(Wire.Foreign(data: $"\"{new string('x', 100_000)}\""));
        using HttpContent content = isChunked ? new StreamContent(new PiecewiseStream(bytes)) : new ByteArrayContent(bytes);

        using var response = await host.SendAsync(content);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Map_InAGroup_TakesItsPrefixAndKeepsTheEndpointOpen()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            Host = builder =>
            {
                builder.Services.AddAuthentication("none").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NobodyHandler>("none", null);
                builder.Services.AddAuthorization();
            },
            Pipeline = app =>
            {
                app.UseAuthorization();
                app.MapGroup("/tenants/{idInstance:long}").RequireAuthorization().MapIncomingCalls("/calls");
            },
        });

        (await host.StatusAsync(Wire.Call(), path: "/tenants/1101000001/calls")).Should().Be(200);
        (await host.StatusAsync(Wire.Call(id: "AAAA02"), path: "/tenants/1101000002/calls")).Should().Be(403);
    }
}
