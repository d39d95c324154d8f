using IncomingCalls.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.CrashTests;

/// <summary>The host that is killed: both transports, the SQLite inbox, three handlers and a chat recorder that waits for names, as in a production host.</summary>
internal static class CallHost
{
    /// <summary>The text before the address on the output stream, written once both transports run.</summary>
    public const string ListeningPrefix = "listening: ";

    /// <summary>The line on the output stream that the host writes before it asks itself to stop.</summary>
    public const string StopRequested = "stop requested";

    /// <summary>The path of the health check.</summary>
    public const string HealthPath = "/health";

    private static readonly TimeSpan OutcomeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Short, so that runs of a second include waits that end with a name and waits that end at the deadline.</summary>
    private static readonly TimeSpan CallerNameWait = TimeSpan.FromMilliseconds(400);

    /// <summary>The failing handler is retried at once, as far as the polling of the inbox allows.</summary>
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)];

    public static async Task<int> RunAsync(HostSettings settings)
    {
        var injector = new CrashInjector(settings.CrashPoint);
        TransactionCrashPoints.Listen(injector);
        using var spans = SpanCrashPoints.Listen(injector);
        using var commits = CommitCrashPoints.Listen(injector);
        using var effects = new EffectsFile(settings.Folder, settings.RunNumber);

        await using var app = Build(settings, injector, effects);
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop while it starts.
            await app.StopAsync();
            return 0;
        }

        Console.WriteLine(ListeningPrefix + app.Urls.Single());
        await ((IHost)app).WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(HostSettings settings, CrashInjector injector, EffectsFile effects)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = settings.Folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new ErrorStreamLogger()).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddSingleton(injector).AddSingleton(effects).AddScoped<CurrentEvent>();
        builder.Services.AddIncomingCalls(options =>
            {
                options.OutcomeTimeout = OutcomeTimeout;
                options.RetryDelays = RetryDelays;
                options.CallerNameWait = CallerNameWait;
            })
            .AddHandler<LedgerHandler>(HandlerNames.Ledger)
            .AddHandler<BoardHandler>(HandlerNames.Board)
            .AddHandler<FailingHandler>(HandlerNames.Failing)
            .AddChatRecorder<ChatRecorder>(HandlerNames.Chat)
            .AddCallerNames<SlowCallerNames>()
            .AddFilter<HandlerCrashPoints>()
            .AddWebhook(options => options.Tokens = [settings.Token])
            .AddGreenApi(options => Configure(options, settings))
            .UseSqliteInbox(options =>
            {
                options.Path = settings.InboxPath;
                options.LockTimeout = settings.LockTimeout;
            });
        builder.Services.AddHealthChecks().AddIncomingCalls();
        DecorateInbox(builder.Services, injector);

        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.OnCompleted(() =>
            {
                injector.Reach(CrashLocation.Acknowledged);
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

    /// <summary>Decorates the registered inbox with the crash points.</summary>
    private static void DecorateInbox(IServiceCollection services, CrashInjector injector)
    {
        var registered = services.Last(service => service.ServiceType == typeof(ICallInbox)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(provider => new InboxCrashPoints((ICallInbox)registered(provider), injector)));
    }
}
