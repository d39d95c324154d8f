using System.Diagnostics.CodeAnalysis;
using IncomingCalls.AspNetCore.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Extension methods that map the webhook endpoint.</summary>
public static class IncomingCallsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the endpoint to which GREEN-API posts notifications. It answers 200 if a notification was stored, quarantined or
    /// discarded, or is a duplicate, and with another status code if the gateway has to redeliver it.
    /// </summary>
    /// <remarks>
    /// The endpoint checks token and size itself, so it is exempt from the host's authorization policies, antiforgery, rate limiting,
    /// request timeouts, output caching and status code pages. If the pattern has a parameter <c>idInstance</c>, as in
    /// <c>/hooks/{idInstance:long}</c>, the notification must belong to that instance.
    /// </remarks>
    /// <param name="endpoints">The route builder of the host, or a route group.</param>
    /// <param name="pattern">The route pattern.</param>
    /// <returns>A builder that can be used to further customize the endpoint.</returns>
    /// <exception cref="InvalidOperationException"><c>AddWebhook</c> was not called.</exception>
    public static IEndpointConventionBuilder MapIncomingCalls(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/webhooks/green-api")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var endpoint = endpoints.ServiceProvider.GetService<WebhookEndpoint>() ?? throw new InvalidOperationException(
            "The services of the webhook endpoint are missing. Call builder.Services.AddIncomingCalls(…).AddWebhook() before builder.Build().");
        RequestDelegate handle = endpoint.HandleAsync;
        // Only if no other endpoint of the host has the address.
        endpoints.Map(pattern, WebhookEndpoint.RejectMethodAsync).WithDisplayName("IncomingCalls webhook, other methods").WithOrder(int.MaxValue).AllowAnonymous()
            .WithMetadata(new WebhookEndpointLimits());
        return endpoints.MapPost(pattern, handle)
            .WithDisplayName("IncomingCalls webhook")
            .AllowAnonymous()
            .DisableAntiforgery()
            .DisableRateLimiting()
            .DisableRequestTimeout()
            .WithMetadata(new OutputCacheAttribute { NoStore = true }, new WebhookEndpointLimits());
    }
}
