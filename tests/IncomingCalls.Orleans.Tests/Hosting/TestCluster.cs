using System.Net;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>The nodes of one cluster: the same names, the same Redis, ports of their own.</summary>
internal sealed class TestCluster(RedisServer redis)
{
    public string Name { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>Makes a host a silo.</summary>
    public void AddSilo(IServiceCollection services, bool hasStorage = true) => services.AddOrleans(silo =>
    {
        silo.Configure<ClusterOptions>(Identify);
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = IPAddress.Loopback;
            endpoints.SiloPort = RedisServer.FreePort();
            endpoints.GatewayPort = RedisServer.FreePort();
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            membership.NumMissedProbesLimit = 2;
        });
        silo.UseRedisClustering(options => options.ConfigurationOptions = redis.Options);
        if (hasStorage)
        {
            silo.AddRedisGrainStorage(OrleansInboxStorage.Name, options => options.ConfigurationOptions = redis.Options);
        }
    });

    /// <summary>Makes a host a client.</summary>
    public void AddClient(IServiceCollection services) => services.AddOrleansClient(client =>
    {
        client.Configure<ClusterOptions>(Identify);
        client.UseRedisClustering(options => options.ConfigurationOptions = redis.Options);
    });

    private void Identify(ClusterOptions cluster) => cluster.ClusterId = cluster.ServiceId = Name;
}
