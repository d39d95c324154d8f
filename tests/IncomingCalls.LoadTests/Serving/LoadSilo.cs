using System.Net;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace IncomingCalls.LoadTests;

/// <summary>A cluster of one silo, whose grains are kept in Redis.</summary>
internal static class LoadSilo
{
    public const string StorageName = OrleansInboxStorage.Name;

    /// <param name="services">The host's.</param>
    /// <param name="name">Keeps the states of several clusters in one Redis apart.</param>
    /// <param name="redisPort">Where the Redis listens on loopback.</param>
    public static void Add(IServiceCollection services, string name, int redisPort) => services.AddOrleans(silo => silo
        .UseLocalhostClustering(RedisProcess.FreePort(), RedisProcess.FreePort(), serviceId: name, clusterId: name)
        .Configure<EndpointOptions>(endpoints => endpoints.AdvertisedIPAddress = IPAddress.Loopback)
        .AddRedisGrainStorage(StorageName, options => options.ConfigurationOptions = RedisOptions.ForPort(redisPort)));
}
