using IncomingCalls;
using IncomingCalls.GreenApi.Http;
using IncomingCalls.Shared;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The client of the API and the HTTP client below it, which keeps the token of its addresses to itself.</summary>
internal static class GreenApiClientServiceCollectionExtensions
{
    /// <summary>Connections are exchanged now and then, or a moved address would never be noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);

    public static IServiceCollection AddGreenApiClient(this IServiceCollection services)
    {
        AddHttpClient(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LastKnownGoodOptions<GreenApiOptions>>();
        services.TryAddSingleton<GreenApiHttpSender>();
        services.TryAddSingleton(provider => new GreenApiClient(provider.GetRequiredService<GreenApiHttpSender>(), provider.GetRequiredService<LastKnownGoodOptions<GreenApiOptions>>()));
        return services;
    }

    private static void AddHttpClient(IServiceCollection services) =>
        services.AddHttpClient(GreenApiClient.HttpClientName, client => client.Timeout = GreenApiRequest.HttpClientTimeout)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = ConnectionLifetime;
                handler.UseCookies = false;
                // A redirect would carry the token to wherever it points.
                handler.AllowAutoRedirect = false;
                // Without a propagator SocketsHttpHandler makes no activity at all, and so no url.full with the token in it.
                handler.ActivityHeadersPropagator = null;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // The factory's loggers write the whole address.
            .RemoveAllLoggers()
            // Whatever ConfigureHttpClientDefaults adds for the host's own clients: a 10 s attempt limit ends every long poll, a
            // shared breaker stops all instances for the sake of one, and a retry is the poller's business.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear());
}
