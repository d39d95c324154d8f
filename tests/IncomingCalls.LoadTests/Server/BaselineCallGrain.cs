using System.Net;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace IncomingCalls.LoadTests;

/// <summary>Writes its state twice per request, and gives no guarantee beyond that.</summary>
internal sealed class BaselineCallGrain([PersistentState("call", LoadSilo.StorageName)] IPersistentState<BaselineCallState> state, HandledCounter handled) : Grain, IBaselineCallGrain
{
    public async Task HandleAsync(string status, string from, long timestamp)
    {
        state.State.From = from;
        state.State.Statuses.Add(status);
        state.State.Timestamp = timestamp;
        await state.WriteStateAsync();
        handled.Add();
        state.State.HandledCount++;
        await state.WriteStateAsync();
    }
}

/// <summary>The grain that an application without this library would use for a call.</summary>
internal interface IBaselineCallGrain : IGrainWithStringKey
{
    /// <summary>Stores the notification, handles it, and stores that it is handled.</summary>
    Task HandleAsync(string status, string from, long timestamp);
}

/// <summary>The state of <see cref="BaselineCallGrain"/>.</summary>
[GenerateSerializer]
internal sealed record BaselineCallState
{
    [Id(0)]
    public string? From { get; set; }

    [Id(1)]
    public List<string> Statuses { get; set; } = [];

    [Id(2)]
    public long Timestamp { get; set; }

    [Id(3)]
    public int HandledCount { get; set; }
}

/// <summary>A cluster of one silo whose grain states are stored in Redis.</summary>
internal static class LoadSilo
{
    public const string StorageName = OrleansInboxStorage.Name;

    /// <param name="services">The services of the host.</param>
    /// <param name="name">The name of the cluster, which separates the states of several clusters in one Redis.</param>
    /// <param name="redisPort">The port of Redis on the loopback address.</param>
    public static void Add(IServiceCollection services, string name, int redisPort) => services.AddOrleans(silo => silo
        .UseLocalhostClustering(RedisProcess.FreePort(), RedisProcess.FreePort(), serviceId: name, clusterId: name)
        .Configure<EndpointOptions>(endpoints => endpoints.AdvertisedIPAddress = IPAddress.Loopback)
        .AddRedisGrainStorage(StorageName, options => options.ConfigurationOptions = RedisOptions.ForPort(redisPort)));
}
