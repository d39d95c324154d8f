using System.Net;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>A cluster of one silo, whose storage is the test's.</summary>
internal static class SingleSiloCluster
{
    public static void Add(IServiceCollection services, IGrainStorage storage)
    {
        services.AddOrleans(silo => silo.UseLocalhostClustering(RedisProcess.FreePort(), RedisProcess.FreePort()).Configure<EndpointOptions>(endpoints => endpoints.AdvertisedIPAddress = IPAddress.Loopback));
        services.AddKeyedSingleton(OrleansInboxStorage.Name, storage);
    }
}
