using System.Net;
using System.Net.Sockets;
using CallDesk.Live;
using CallDesk.Store;
using IncomingCalls;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace CallDesk.Cluster;

internal static class ClusterBuilderExtensions
{
    /// <summary>How much longer than the deduplication window Redis stores calls.</summary>
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromDays(1);

    /// <summary>Makes the desk a silo of the cluster.</summary>
    public static void AddDeskSilo(this WebApplicationBuilder builder, ClusterSettings settings)
    {
        var redis = ConfigurationOptions.Parse(settings.Redis!);
        // A silo that cannot reach Redis at its start waits for it, as it does at any later time.
        redis.AbortOnConnectFail = false;
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = settings.Name)
            .Configure<EndpointOptions>(endpoints => SetEndpoints(endpoints, settings))
            // A failed node is replaced after six seconds, since calls keep arriving meanwhile.
            .Configure<ClusterMembershipOptions>(membership => membership.ProbeTimeout = TimeSpan.FromSeconds(2))
            .UseRedisClustering(options => options.ConfigurationOptions = redis)
            .AddRedisGrainStorage(OrleansInboxStorage.Name, options => options.ConfigurationOptions = redis)
            .AddRedisGrainStorage(OrleansInboxStorage.CallsName, calls => calls.Configure<IOptions<OrleansInboxOptions>>((options, inbox) =>
            {
                options.ConfigurationOptions = redis;
                options.EntryExpiry = inbox.Value.DeduplicationWindow + ExpiryMargin;
            })));
        builder.Services.AddSingleton<ClusterChangePublisher>();
        builder.Services.AddSingleton<IDeskChangePublisher>(services => services.GetRequiredService<ClusterChangePublisher>());
        builder.Services.AddHostedService(services => services.GetRequiredService<ClusterChangePublisher>());
    }

    private static void SetEndpoints(EndpointOptions endpoints, ClusterSettings settings)
    {
        endpoints.SiloPort = settings.SiloPort ?? FreePort();
        endpoints.GatewayPort = settings.GatewayPort ?? FreePort();
        if (settings.Address is { } address)
        {
            endpoints.AdvertisedIPAddress = IPAddress.Parse(address);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
