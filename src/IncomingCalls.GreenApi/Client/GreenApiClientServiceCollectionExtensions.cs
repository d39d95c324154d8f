using IncomingCalls.GreenApi.Http;
using IncomingCalls.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncomingCalls.GreenApi.Client;

/// <summary>Registers the API client and its HTTP handler, which does not expose the token in its addresses to logs, traces or redirects.</summary>
internal static class GreenApiClientServiceCollectionExtensions
{
    /// <summary>Connections are replaced periodically so that a DNS change takes effect.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);

    public static IServiceCollection AddGreenApiClient(this IServiceCollection services)
    {
        AddHttpClient(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LastKnownGoodOptions<GreenApiOptions>>();
        services.TryAddSingleton<GreenApiHttpHandlerFactory>();
        services.TryAddSingleton<GreenApiHttpSender>();
        services.TryAddSingleton(provider => new GreenApiClient(provider.GetRequiredService<GreenApiHttpSender>(), provider.GetRequiredService<LastKnownGoodOptions<GreenApiOptions>>()));
        return services;
    }

    private static void AddHttpClient(IServiceCollection services) =>
        services.AddHttpClient(GreenApiClient.HttpClientName)
            .UseSocketsHttpHandler(static (handler, _) =>
            {
                handler.PooledConnectionLifetime = ConnectionLifetime;
                handler.UseCookies = false;
                GreenApiHttpHandlerFactory.Protect(handler);
            });
}
