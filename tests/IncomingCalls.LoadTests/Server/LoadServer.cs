using System.Globalization;
using System.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.LoadTests;

/// <summary>The servers: baselines and subjects use the same host and differ only in the endpoint at <see cref="Path"/> and its services.</summary>
internal static class LoadServer
{
    public const string Path = "/webhooks/green-api";
    /// <summary>The nodes of one inbox have the same handler by name, and what it does differs between the kinds.</summary>
    private const string HandlerOfAllNodes = "handler";

    public const string Token = "load-test-token-of-fifty-letters-and-digits-0123456";

    /// <param name="arguments">The <see cref="ServerKind"/>, and its arguments: an inbox file, a connection string, the port of Redis, or instances of a simulator.</param>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var kind = Enum.Parse<ServerKind>(arguments[0]);
        await using var app = Build(kind, [.. arguments.Skip(1)]);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        // The load generator holds the other end of the pipe, which is closed at the latest when it exits.
        await Console.In.ReadToEndAsync();
        // Without waiting for handlers; but a silo that is not given the time logs an error for each of its grains.
        await app.StopAsync(new CancellationToken(canceled: kind is not (ServerKind.BaselineGrain or ServerKind.Orleans)));
    }

    private static WebApplication Build(ServerKind kind, IReadOnlyList<string> arguments)
    {
        // A host watches everything below its content root for changed settings, and every write to an inbox there would wake the watcher.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // Where handlers do not complete, warnings of failed attempts and pending deliveries are expected.
        var level = kind is ServerKind.SqliteBlocked or ServerKind.SqliteHanging or ServerKind.SqliteRateLimited or ServerKind.PostgresRateLimited ? LogLevel.Error : LogLevel.Warning;
        // Standard output contains the address and nothing else.
        builder.Logging.SetMinimumLevel(level).AddFilter("Orleans", LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<HandledCounter>().AddSingleton<HandlerTimes>();
        builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, BaselineJsonContext.Default));
        switch (kind)
        {
            case ServerKind.BaselineEndpoint:
                break;
            case ServerKind.BaselinePoller:
                builder.Services.AddSingleton(InstanceRange.Parse(arguments)).AddHostedService<BaselinePoller>();
                break;
            case ServerKind.Poller:
                builder.Services.AddIncomingCalls().AddGreenApi(options => options.Instances = InstanceRange.Parse(arguments).ToOptions(ReceiveMode.Polling))
                    .AddHandler<CountingHandler>();
                break;
            case ServerKind.Wolverine:
                WolverineBaseline.AddSqlite(builder.Services, arguments[0]);
                break;
            case ServerKind.WolverinePostgres:
                WolverineBaseline.AddPostgres(builder.Services, arguments[0]);
                break;
            case ServerKind.PostgresInsert:
                InsertBaseline.Add(builder.Services, arguments[0]);
                break;
            case ServerKind.BaselineGrain:
                LoadSilo.Add(builder.Services, kind.ToString(), RedisPort(arguments));
                break;
            default:
                AddWebhook(builder.Services, kind, arguments);
                break;
        }

        var app = builder.Build();
        _ = kind switch
        {
            ServerKind.BaselineEndpoint => app.MapPost(Path, static (BaselineNotification notification, HandledCounter handled) => Count(handled)),
            ServerKind.Wolverine or ServerKind.WolverinePostgres => app.MapPost(Path, WolverineBaseline.PublishAsync),
            ServerKind.PostgresInsert => app.MapPost(Path, InsertBaseline.InsertAsync),
            ServerKind.BaselineGrain => app.MapPost(Path, HandleWithGrainAsync),
            ServerKind.BaselinePoller or ServerKind.Poller => null,
            _ => app.MapIncomingCalls(Path),
        };
        MapControl(app);
        return app;
    }

    private static void AddWebhook(IServiceCollection services, ServerKind kind, IReadOnlyList<string> arguments)
    {
        var builder = services.AddIncomingCalls().AddWebhook(options => options.Tokens = [Token]);
        _ = kind switch
        {
            ServerKind.InMemory or ServerKind.InMemoryNames => builder,
            ServerKind.Orleans => AddOrleans(services, builder, RedisPort(arguments)),
            ServerKind.Postgres or ServerKind.PostgresAlerts or ServerKind.PostgresTimes or ServerKind.PostgresHanging or ServerKind.PostgresHangingInTransaction or ServerKind.PostgresRateLimited => builder.UsePostgreSqlInbox(arguments[0]),
            _ => builder.UseSqliteInbox(arguments[0]),
        };
        _ = kind switch
        {
            ServerKind.SqliteAlerts or ServerKind.PostgresAlerts => builder.AddOperatorNotifier<TimingNotifier>(),
            ServerKind.PostgresTimes => builder.AddHandler<TimingHandler>(HandlerOfAllNodes),
            ServerKind.PostgresHanging => builder.AddHandler<HangingHandler>(HandlerOfAllNodes),
            ServerKind.PostgresHangingInTransaction => builder.AddHandler<HangingTransactionHandler>(HandlerOfAllNodes),
            ServerKind.SqliteBlocked => builder.AddHandler<BlockingHandler>(BlockingHandler.Configure),
            ServerKind.SqliteHanging => AddHangingHandler(services, builder, long.Parse(arguments[1], CultureInfo.InvariantCulture)),
            ServerKind.SqliteRateLimited or ServerKind.PostgresRateLimited => builder.AddHandler<TimingHandler>().AddHandler<CountingHandler>(
                static options => options.RateLimit = new() { Permits = 2, Period = TimeSpan.FromSeconds(1) }),
            ServerKind.SqliteNames => AddNames(builder, InstanceRange.Parse([.. arguments.Skip(1)])),
            ServerKind.InMemoryNames => AddNames(builder, InstanceRange.Parse(arguments)),
            _ => builder.AddHandler<CountingHandler>(),
        };
    }

    private static IIncomingCallsBuilder AddOrleans(IServiceCollection services, IIncomingCallsBuilder builder, int redisPort)
    {
        LoadSilo.Add(services, nameof(ServerKind.Orleans), redisPort);
        return builder.UseOrleansInbox();
    }

    private static IIncomingCallsBuilder AddHangingHandler(IServiceCollection services, IIncomingCallsBuilder builder, long hangingInstance)
    {
        services.AddSingleton(new HangingInstance(hangingInstance));
        return builder.AddHandler<TimingHandler>().AddHandler<HangingHandler>();
    }

    private static IIncomingCallsBuilder AddNames(IIncomingCallsBuilder builder, InstanceRange instances) => builder
        .AddGreenApi(options => options.Instances = instances.ToOptions(ReceiveMode.Webhook))
        .AddCallerNames<KnownCallerNames>()
        .AddHandler<TimingHandler>()
        .AddChatRecorder<TimingRecorder>()
        .AddOperatorNotifier<TimingNotifier>();

    private static int RedisPort(IReadOnlyList<string> arguments) => int.Parse(arguments[0], CultureInfo.InvariantCulture);

    private static async Task<IResult> HandleWithGrainAsync(BaselineNotification notification, IGrainFactory grains)
    {
        await grains.GetGrain<IBaselineCallGrain>($"{notification.InstanceData!.IdInstance}/{notification.IdMessage}")
            .HandleAsync(notification.Status!, notification.From!, notification.Timestamp);
        return Results.Ok();
    }

    private static IResult Count(HandledCounter handled)
    {
        handled.Add();
        return Results.Ok();
    }

    private static void MapControl(WebApplication app)
    {
        app.MapGet("/handled/{count:long}", static (long count, HandledCounter handled, CancellationToken aborted) => handled.WaitForAsync(count, aborted));
        app.MapGet("/times/{role}", static (HandlerRole role, HandlerTimes times) => times.Drain(role));
        app.MapGet("/memory", static () => ResidentMemory.MeasureAfterCollection());
    }
}

/// <summary>The kinds of servers.</summary>
internal enum ServerKind
{
    /// <summary>A minimal-API endpoint that only reads the baseline record.</summary>
    BaselineEndpoint = 0,

    /// <summary>A loop per instance that receives and deletes on a plain HTTP client.</summary>
    BaselinePoller,

    /// <summary>The poller with the in-memory inbox and one empty handler.</summary>
    Poller,

    /// <summary>The webhook with the in-memory inbox and one empty handler.</summary>
    InMemory,

    /// <summary>The webhook with the SQLite inbox and one empty handler.</summary>
    Sqlite,

    /// <summary>The webhook with the SQLite inbox and an operator notifier that records when it was called.</summary>
    SqliteAlerts,

    /// <summary>The webhook with the SQLite inbox and a handler that never completes.</summary>
    SqliteBlocked,

    /// <summary>The webhook with the SQLite inbox, a plain handler that records when it was called, and one that hangs for one instance.</summary>
    SqliteHanging,

    /// <summary>
    /// The webhook with the SQLite inbox, and a plain handler, a chat recorder and an operator notifier that record when they were called. The
    /// names of some callers are known, those of the others are requested from a simulator.
    /// </summary>
    SqliteNames,

    /// <summary>The same as <see cref="SqliteNames"/> with the in-memory inbox.</summary>
    InMemoryNames,

    /// <summary>The webhook with the SQLite inbox, a plain handler that records when it was called, and one with a limit of two attempts a second.</summary>
    SqliteRateLimited,

    /// <summary>The same with the PostgreSQL inbox.</summary>
    PostgresRateLimited,

    /// <summary>An endpoint that publishes to a durable local queue of Wolverine on SQLite, with one empty handler.</summary>
    Wolverine,

    /// <summary>The same with PostgreSQL.</summary>
    WolverinePostgres,

    /// <summary>An endpoint that inserts one row into PostgreSQL per request.</summary>
    PostgresInsert,

    /// <summary>The webhook with the PostgreSQL inbox and one empty handler.</summary>
    Postgres,

    /// <summary>The webhook with the PostgreSQL inbox and an operator notifier that records when it was called.</summary>
    PostgresAlerts,

    /// <summary>A node with the PostgreSQL inbox and a handler that records when it was called.</summary>
    PostgresTimes,

    /// <summary>Another node of the inbox of <see cref="PostgresTimes"/>, whose handler hangs.</summary>
    PostgresHanging,

    /// <summary>The same as <see cref="PostgresHanging"/>, with a handler that takes part in the transaction of the event.</summary>
    PostgresHangingInTransaction,

    /// <summary>An endpoint that calls a grain which writes its state twice, in a cluster of one silo with Redis.</summary>
    BaselineGrain,

    /// <summary>The webhook with the Orleans inbox and one empty handler, in a cluster of one silo with Redis.</summary>
    Orleans,
}

/// <summary>Measures the memory of this process after a garbage collection.</summary>
internal static class ResidentMemory
{
    public static long MeasureAfterCollection()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        // Aggressive returns unused pages to the operating system, so that they do not count.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
