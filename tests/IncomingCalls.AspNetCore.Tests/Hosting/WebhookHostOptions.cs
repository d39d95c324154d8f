using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>How a test's host differs from the usual one: a token, one handler, the inline inbox.</summary>
internal sealed class WebhookHostOptions
{
    public const string Token = "demo-secret";

    public string Pattern { get; init; } = "/webhooks/green-api";

    public Action<IncomingCallsWebhookOptions>? ConfigureWebhook { get; init; } = options => options.Tokens = [Token];

    public Action<IIncomingCallsBuilder> ConfigureCalls { get; init; } = _ => { };

    /// <summary>Runs before AddIncomingCalls.</summary>
    public Action<WebApplicationBuilder> ConfigureHost { get; init; } = _ => { };

    public Action<KestrelServerOptions> ConfigureKestrel { get; init; } = _ => { };

    /// <summary>The middleware before the endpoint.</summary>
    public Action<WebApplication> ConfigurePipeline { get; init; } = _ => { };

    /// <summary>Keys below <c>IncomingCalls</c>.</summary>
    public Dictionary<string, string?> Configuration { get; init; } = [];
}
