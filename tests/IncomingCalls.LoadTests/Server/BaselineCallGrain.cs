using System.Net;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace IncomingCalls.LoadTests;

/// <summary>Writes its state twice per request, and keeps no promise beyond that.</summary>
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

/// <summary>The grain that somebody without this library would write for a call.</summary>
internal interface IBaselineCallGrain : IGrainWithStringKey
{
    /// <summary>Keeps what was reported, has it handled, and keeps that it was.</summary>
    Task HandleAsync(string status, string from, long timestamp);
}

/// <summary>What <see cref="BaselineCallGrain"/> keeps.</summary>
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
