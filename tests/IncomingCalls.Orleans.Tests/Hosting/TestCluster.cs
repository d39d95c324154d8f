using System.Net;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Storage;
using StackExchange.Redis;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>The configuration of the nodes of one cluster: the same names and Redis, and separate ports.</summary>
internal sealed class TestCluster(RedisServer redis)
{
    public string Name { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>Configures a host as a silo.</summary>
    public void AddSilo(IServiceCollection services, bool hasStorage = true) => services.AddHostedService<AbortedSilo>().AddOrleans(silo =>
    {
        silo.Configure<ClusterOptions>(Identify);
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = IPAddress.Loopback;
            endpoints.SiloPort = RedisProcess.FreePort();
            endpoints.GatewayPort = RedisProcess.FreePort();
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

    /// <summary>Configures a host as a client.</summary>
    public void AddClient(IServiceCollection services) => services.AddOrleansClient(client =>
    {
        client.Configure<ClusterOptions>(Identify);
        client.UseRedisClustering(options => options.ConfigurationOptions = redis.Options);
    });

    /// <summary>Stores the calls in a separate provider with an expiration.</summary>
    public void AddExpiringStorage(IServiceCollection services, TimeSpan expiry) => services.AddOrleans(silo => silo.AddRedisGrainStorage(OrleansInboxStorage.CallsName, options =>
    {
        options.ConfigurationOptions = redis.Options;
        options.EntryExpiry = expiry;
    }));

    /// <summary>Gets the entries of this cluster in Redis and the remaining time to live of each; null for no expiration.</summary>
    public async Task<Dictionary<string, TimeSpan?>> GetEntryLifetimesAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Options);
        Dictionary<string, TimeSpan?> lifetimes = [];
        await foreach (var key in connection.GetServers().Single().KeysAsync(pattern: $"{Name}*"))
        {
            lifetimes[key.ToString()] = await connection.GetDatabase().KeyTimeToLiveAsync(key);
        }

        return lifetimes;
    }

    private void Identify(ClusterOptions cluster) => cluster.ClusterId = cluster.ServiceId = Name;
}

/// <summary>A cluster of one silo with a storage of the test.</summary>
internal static class SingleSiloCluster
{
    public static void Add(IServiceCollection services, IGrainStorage storage)
    {
        services.AddHostedService<AbortedSilo>();
        services.AddOrleans(silo => silo.UseLocalhostClustering(RedisProcess.FreePort(), RedisProcess.FreePort()).Configure<EndpointOptions>(endpoints => endpoints.AdvertisedIPAddress = IPAddress.Loopback));
        services.AddKeyedSingleton(OrleansInboxStorage.Name, storage);
    }
}
