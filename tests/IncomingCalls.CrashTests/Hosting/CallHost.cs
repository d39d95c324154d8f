using IncomingCalls.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.CrashTests;

/// <summary>The host that is killed: both transports, the SQLite inbox, three handlers, and nothing that a host would not have.</summary>
internal static class CallHost
{
    /// <summary>What precedes the address, on the output stream, once both transports run.</summary>
    public const string ListeningPrefix = "listening: ";

    /// <summary>Where it tells how it is.</summary>
    public const string HealthPath = "/health";

    private static readonly TimeSpan OutcomeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A moody handler's next try comes at once, as far as the inbox looks that often.</summary>
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)];

    public static async Task<int> RunAsync(HostSettings settings)
    {
        var death = new CrashInjector(settings.CrashPoint);
        TransactionCrashPoints.Listen(death);
        using var spans = SpanCrashPoints.Listen(death);
        using var commits = CommitCrashPoints.Listen(death);
        using var effects = new EffectsFile(settings.Folder, settings.RunNumber);

        await using var app = Build(settings, death, effects);
        await app.StartAsync();
        Console.WriteLine(ListeningPrefix + app.Urls.Single());
        await ((IHost)app).WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(HostSettings settings, CrashInjector death, EffectsFile effects)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = settings.Folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new ErrorStreamLogger()).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddSingleton(death).AddSingleton(effects);
        builder.Services.AddIncomingCalls(options =>
            {
                options.OutcomeTimeout = OutcomeTimeout;
                options.RetryDelays = RetryDelays;
            })
            .AddHandler<LedgerHandler>(HandlerNames.Ledger)
            .AddHandler<BoardHandler>(HandlerNames.Board)
            .AddHandler<FailingHandler>(HandlerNames.Failing)
            .AddFilter<HandlerCrashPoints>()
            .AddWebhook(options => options.Tokens = [settings.Token])
            .AddGreenApi(options => Configure(options, settings))
            .UseSqliteInbox(options =>
            {
                options.Path = settings.InboxPath;
                options.LockTimeout = settings.LockTimeout;
            });
        builder.Services.AddHealthChecks().AddIncomingCalls();
        DecorateInbox(builder.Services, death);

        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.OnCompleted(() =>
            {
                death.Reach(CrashLocation.Acknowledged);
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.MapIncomingCalls();
        app.MapHealthChecks(HealthPath);
        return app;
    }

    private static void Configure(GreenApiOptions options, HostSettings settings)
    {
        GreenApiInstanceOptions Instance(long id, ReceiveMode receive) =>
            new() { IdInstance = id, ApiTokenInstance = settings.Token, ApiUrl = settings.ApiUrl.OriginalString, Receive = receive };

        options.Instances = [Instance(settings.PolledInstance, ReceiveMode.Polling), Instance(settings.WebhookInstance, ReceiveMode.Webhook)];
        options.InitialRetryDelay = TimeSpan.FromMilliseconds(100);
        options.MaxRetryDelay = TimeSpan.FromSeconds(1);
        options.CallerNames = false;
    }

    /// <summary>Stands in front of the inbox that is registered, whichever that is.</summary>
    private static void DecorateInbox(IServiceCollection services, CrashInjector death)
    {
        var registered = services.Last(service => service.ServiceType == typeof(ICallInbox)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(provider => new InboxCrashPoints((ICallInbox)registered(provider), death)));
    }
}
