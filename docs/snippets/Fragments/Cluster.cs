using IncomingCalls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Fragments;

internal static class Cluster
{
    public static void Silo(WebApplicationBuilder builder)
    {
        #region silo
        var redis = ConfigurationOptions.Parse(builder.Configuration.GetConnectionString("redis")!);
        builder.UseOrleans(silo => silo
            .UseRedisClustering(options => options.ConfigurationOptions = redis)
            .AddRedisGrainStorage(OrleansInboxStorage.Name, options => options.ConfigurationOptions = redis));

        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .UseOrleansInbox()
            .AddChatRecorder<CrmTimeline>("crm-timeline")
            .AddGreenApi(builder.Configuration.GetSection("GreenApi"))
            .AddWebhook();
        #endregion
    }

    public static void Receiver(WebApplicationBuilder builder, ConfigurationOptions redis)
    {
        #region receiver
        builder.UseOrleansClient(client => client.UseRedisClustering(options => options.ConfigurationOptions = redis));

        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .UseOrleansInbox()
            .AddWebhook();
        #endregion
    }

    public static void Expiring(ISiloBuilder silo, IIncomingCallsBuilder calls, ConfigurationOptions redis)
    {
        #region expiring
        silo.AddRedisGrainStorage(OrleansInboxStorage.CallsName, options =>
        {
            options.ConfigurationOptions = redis;
            options.EntryExpiry = TimeSpan.FromDays(7);
        });
        silo.AddRedisGrainStorage(OrleansInboxStorage.HandlerValuesName, options =>
        {
            options.ConfigurationOptions = redis;
            options.EntryExpiry = TimeSpan.FromDays(80);
        });
        calls.UseOrleansInbox(options => options.StorageExpiresEntries = true);
        #endregion
    }
}
