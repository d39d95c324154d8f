using IncomingCalls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Guides.Alerts;

internal static class AlertsHost
{
    public static IIncomingCallsBuilder Add(WebApplicationBuilder builder) =>
        #region registration
        builder.Services
            .AddSingleton<AlertFeed>()
            .AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .AddOperatorNotifier<BrowserNotifier>("browser")
            .AddWebhook();
        #endregion

    public static IEndpointConventionBuilder Map(WebApplication app) =>
        #region endpoint
        app.MapGet("/alerts", (AlertFeed feed, HttpResponse response) =>
        {
            response.Headers["X-Accel-Buffering"] = "no";
            // Set when the response starts, because the result below has a Cache-Control of its own.
            response.OnStarting(() =>
            {
                response.Headers.CacheControl = "no-cache, no-transform";
                return Task.CompletedTask;
            });
            return TypedResults.ServerSentEvents(feed.SubscribeAsync());
        }).RequireAuthorization();
        #endregion
}
