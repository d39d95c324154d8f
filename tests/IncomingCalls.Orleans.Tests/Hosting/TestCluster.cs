using System.Net;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Storage;
using StackExchange.Redis;

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

    /// <summary>Makes a host a client.</summary>
    public void AddClient(IServiceCollection services) => services.AddOrleansClient(client =>
    {
        client.Configure<ClusterOptions>(Identify);
        client.UseRedisClustering(options => options.ConfigurationOptions = redis.Options);
    });

    /// <summary>Keeps the calls apart, in a provider that lets them expire.</summary>
    public void AddExpiringStorage(IServiceCollection services, TimeSpan expiry) => services.AddOrleans(silo => silo.AddRedisGrainStorage(OrleansInboxStorage.CallsName, options =>
    {
        options.ConfigurationOptions = redis.Options;
        options.EntryExpiry = expiry;
    }));

    /// <summary>What this cluster has in Redis, and how long each entry still lives; null for ever.</summary>
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

/// <summary>A cluster of one silo, whose storage is the test's.</summary>
internal static class SingleSiloCluster
{
    public static void Add(IServiceCollection services, IGrainStorage storage)
    {
        services.AddOrleans(silo => silo.UseLocalhostClustering(RedisProcess.FreePort(), RedisProcess.FreePort()).Configure<EndpointOptions>(endpoints => endpoints.AdvertisedIPAddress = IPAddress.Loopback));
        services.AddKeyedSingleton(OrleansInboxStorage.Name, storage);
    }
}
