using IncomingCalls.CrashTests;
using IncomingCalls.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace IncomingCalls.ClusterTests;

/// <summary>The host that the faults are injected into: a node with both transports, the PostgreSQL inbox, two transactional handlers and a plain one.</summary>
internal static class NodeHost
{
    /// <summary>The timeout of an attempt.</summary>
    public static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan OutcomeTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RunnerCheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>The shortest that there is, so that a request of a node that is cut off does not stay at the gateway.</summary>
    private static readonly TimeSpan ReceiveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Many, since attempts that a fault interrupts count.</summary>
    private static readonly TimeSpan[] RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(1), 20)];

    public static async Task<int> RunAsync(NodeSettings settings)
    {
        using var file = new EffectsFile(settings.Common.Folder, settings.Common.Process);
        await using var apart = settings.Defect == NodeDefect.EffectOutsideTransaction ? NpgsqlDataSource.Create(settings.ConnectionString) : null;
        await using var app = Build(settings, new(file, new(), apart));
        _ = EndWithRunnerAsync(settings.Runner);
        await app.StartAsync();
        Console.WriteLine(CallHost.ListeningPrefix + app.Urls.Single());
        await ((IHost)app).WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(NodeSettings settings, NodeEffects effects)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = settings.Common.Folder });
        builder.WebHost.UseUrls($"http://{settings.Address}:0");
        builder.Logging.ClearProviders().AddProvider(new ErrorStreamLogger()).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning).AddFilter("Npgsql", LogLevel.None);
        builder.Services.AddSingleton<TimeProvider>(new ShiftedTimeProvider(settings.ClockOffset)).AddSingleton(effects).AddSingleton(effects.Faults);
        var calls = builder.Services.AddIncomingCalls(options =>
            {
                options.OutcomeTimeout = OutcomeTimeout;
                options.RetryDelays = RetryDelays;
                options.HandlerTimeout = HandlerTimeout;
            })
            .AddHandler<LedgerNodeHandler>(HandlerNames.Ledger)
            .AddHandler<PlainNodeHandler>(HandlerNames.Board)
            .AddHandler<FailingNodeHandler>(HandlerNames.Failing)
            .AddWebhook(options => options.Tokens = [settings.Common.Token])
            .AddGreenApi(options =>
            {
                settings.Common.Configure(options);
                options.ReceiveTimeout = ReceiveTimeout;
            })
            .UsePostgreSqlInbox(settings.ConnectionString);
        if (settings.Defect == NodeDefect.IgnoredClaim)
        {
            calls.AddFilter<DoubledAttempts>();
        }
        else if (settings.Defect == NodeDefect.ForgottenNotification)
        {
            var inbox = builder.Services.Last(service => service.ServiceType == typeof(ICallInbox)).ImplementationFactory!;
            builder.Services.Replace(ServiceDescriptor.Singleton<ICallInbox>(provider => new ForgetfulInbox((ICallInbox)inbox(provider))));
        }

        var app = builder.Build();
        app.MapIncomingCalls();
        InboxReport.Map(app);
        HandlerFaults.Map(app);
        return app;
    }

    /// <summary>A runner that is killed stops nothing, so its nodes end themselves.</summary>
    private static async Task EndWithRunnerAsync(int runner)
    {
        using var timer = new PeriodicTimer(RunnerCheckInterval);
        while (await timer.WaitForNextTickAsync())
        {
            if (!Directory.Exists($"/proc/{runner}"))
            {
                Environment.Exit(1);
            }
        }
    }
}
