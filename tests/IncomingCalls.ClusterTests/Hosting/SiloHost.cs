using System.Net;
using IncomingCalls.CrashTests;
using IncomingCalls.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncomingCalls.ClusterTests;

/// <summary>The host that the faults are injected into: a silo with both transports, the Orleans inbox on Redis, and the handlers of the crash tests.</summary>
internal static class SiloHost
{
    /// <summary>The path of the report on the inbox of the cluster.</summary>
    public const string ReportPath = "/report";

    private const int PageSize = 1000;

    private static readonly TimeSpan OutcomeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The failing handler is retried at once.</summary>
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)];

    public static async Task<int> RunAsync(SiloSettings settings)
    {
        using var effects = new EffectsFile(settings.Folder, settings.Process);
        await using var app = Build(settings, effects);
        await app.StartAsync();
        Console.WriteLine(CallHost.ListeningPrefix + app.Urls.Single());
        await ((IHost)app).WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(SiloSettings settings, EffectsFile effects)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = settings.Folder });
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
            .AddWebhook(options => options.Tokens = [settings.Token])
            .AddGreenApi(options => ConfigureGreenApi(options, settings))
            .UseOrleansInbox();

        var app = builder.Build();
        app.MapIncomingCalls();
        app.MapGet(ReportPath, ReportAsync);
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

    private static void ConfigureGreenApi(GreenApiOptions options, SiloSettings settings)
    {
        // The gateway ignores the prefix, which identifies the silo.
        var apiUrl = new Uri(settings.ApiUrl, PollRequestObserver.PrefixOf(settings.Process)).OriginalString;
        GreenApiInstanceOptions Instance(long id, ReceiveMode receive) =>
            new() { IdInstance = id, ApiTokenInstance = settings.Token, ApiUrl = apiUrl, Receive = receive };

        options.Instances =
        [
            .. settings.Polled.Select(id => Instance(id, ReceiveMode.Polling)),
            .. settings.Posting.Select(id => Instance(id, ReceiveMode.Webhook)),
        ];
        options.InitialRetryDelay = TimeSpan.FromMilliseconds(100);
        options.MaxRetryDelay = TimeSpan.FromSeconds(1);
        options.CallerNames = false;
    }

    private static async Task<IResult> ReportAsync(ICallInboxAdministration inbox)
    {
        List<DeadLetter> letters = [];
        List<QuarantineItem> items = [];
        await ReadAllPagesAsync(letters, after => inbox.ListDeadLettersAsync(PageSize, after), letter => letter.Id);
        await ReadAllPagesAsync(items, after => inbox.ListQuarantineAsync(PageSize, after), item => item.Id);
        var report = new SiloReport
        {
            Depth = (await inbox.GetStatisticsAsync()).Depth,
            DeadLetters = [.. letters.Select(letter => new SiloReportDeadLetter(letter.EventId, letter.Handler))],
            Quarantined = [.. items.Select(item => item.Sha256)],
        };
        return Results.Json(report, SiloReportContext.Default.SiloReport);
    }

    private static async Task ReadAllPagesAsync<T>(List<T> all, Func<long, ValueTask<IReadOnlyList<T>>> read, Func<T, long> idOf)
    {
        IReadOnlyList<T> page;
        do
        {
            page = await read(all.Count == 0 ? 0 : idOf(all[^1]));
            all.AddRange(page);
        }
        while (page.Count == PageSize);
    }
}
