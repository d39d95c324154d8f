using System.Net;
using IncomingCalls.CrashTests;
using IncomingCalls.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncomingCalls.ClusterTests;

/// <summary>The host that the faults are injected into: a silo with both transports, the Orleans inbox on Redis, and the handlers of the crash tests.</summary>
internal static class SiloHost
{
    private static readonly TimeSpan OutcomeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The failing handler is retried at once.</summary>
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)];

    public static async Task<int> RunAsync(SiloSettings settings)
    {
        using var effects = new EffectsFile(settings.Common.Folder, settings.Common.Process);
        await using var app = Build(settings, effects);
        await app.StartAsync();
        Console.WriteLine(CallHost.ListeningPrefix + app.Urls.Single());
        await ((IHost)app).WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(SiloSettings settings, EffectsFile effects)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = settings.Common.Folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new ErrorStreamLogger()).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
        builder.Host.UseOrleans(silo => ConfigureSilo(silo, settings));
        builder.Services.AddSingleton(effects);
        builder.Services.AddIncomingCalls(options =>
            {
                options.OutcomeTimeout = OutcomeTimeout;
                options.RetryDelays = RetryDelays;
            })
            .AddHandler<LedgerHandler>(HandlerNames.Ledger)
            .AddHandler<BoardHandler>(HandlerNames.Board)
            .AddHandler<FailingHandler>(HandlerNames.Failing)
            .AddWebhook(options => options.Tokens = [settings.Common.Token])
            .AddGreenApi(settings.Common.Configure)
            .UseOrleansInbox();

        var app = builder.Build();
        app.MapIncomingCalls();
        InboxReport.Map(app);
        return app;
    }

    private static void ConfigureSilo(ISiloBuilder silo, SiloSettings settings)
    {
        silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = settings.Cluster);
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = IPAddress.Loopback;
            endpoints.SiloPort = settings.SiloPort;
            endpoints.GatewayPort = 0;
        });
        // A silo that misses two probes of one second in a row is declared dead. With the defaults of Orleans this takes half a minute, and a
        // campaign would mostly wait. The timeout is not extended on a busy machine: a silo that is only slow is then declared dead as well,
        // which is a fault like any other.
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedProbesLimit = 2;
            membership.ExtendProbeTimeoutDuringDegradation = false;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
        silo.UseRedisClustering(options => options.ConfigurationOptions = RedisOptions.ForPort(settings.RedisPort));
        silo.AddRedisGrainStorage(OrleansInboxStorage.Name, options => options.ConfigurationOptions = RedisOptions.ForPort(settings.RedisPort));
    }
}
