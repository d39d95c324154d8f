using System.Diagnostics.CodeAnalysis;
using IncomingCalls.AspNetCore.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The webhook endpoint.</summary>
public static class IncomingCallsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the endpoint that GREEN-API posts notifications to. It answers 200 when a notification is kept or not wanted, and
    /// anything else when the gateway is to send it again.
    /// </summary>
    /// <remarks>
    /// The endpoint checks its own token and size, so it takes no part in the host's authorization policies, antiforgery, rate
    /// limiting, request timeouts, output caching and status code pages. When the pattern has a parameter <c>idInstance</c>, as
    /// in <c>/hooks/{idInstance:long}</c>, the notification must be of that instance.
    /// </remarks>
    /// <param name="endpoints">The routes of the host, or a group of them.</param>
    /// <param name="pattern">The path.</param>
    /// <returns>A builder for further conventions.</returns>
    /// <exception cref="InvalidOperationException"><c>AddWebhook</c> was not called.</exception>
    public static IEndpointConventionBuilder MapIncomingCalls(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/webhooks/green-api")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var endpoint = endpoints.ServiceProvider.GetService<WebhookEndpoint>() ?? throw new InvalidOperationException(
            "MapIncomingCalls needs the webhook's services. Call builder.Services.AddIncomingCalls(…).AddWebhook() before builder.Build().");
        RequestDelegate handle = endpoint.HandleAsync;
        return endpoints.MapPost(pattern, handle)
            .WithDisplayName("IncomingCalls webhook")
            .AllowAnonymous()
            .DisableAntiforgery()
            .DisableRateLimiting()
            .DisableRequestTimeout()
            .WithMetadata(new OutputCacheAttribute { NoStore = true }, new WebhookEndpointLimits());
    }
}
