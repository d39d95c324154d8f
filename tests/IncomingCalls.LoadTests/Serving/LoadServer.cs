using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.LoadTests;

/// <summary>The servers: the same host for baselines and subjects, apart from what is mapped at the one path.</summary>
internal static class LoadServer
{
    public const string Path = "/webhooks/green-api";
    public const string Token = "load-test-token-of-fifty-letters-and-digits-0123456";

    /// <param name="arguments">The <see cref="ServerKind"/>, and the inbox file where there is one.</param>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        await using var app = Build(Enum.Parse<ServerKind>(arguments[0]), arguments.Count > 1 ? arguments[1] : "");
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        // Whoever started this holds the other end, and lets go of it at the latest when it ends itself.
        await Console.In.ReadToEndAsync();
        await app.StopAsync(new CancellationToken(canceled: true));
    }

    private static WebApplication Build(ServerKind kind, string inboxPath)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<HandledCount>().AddSingleton<TimedNotifier.Times>();
        if (kind > ServerKind.Drop)
        {
            AddIncomingCalls(builder.Services, kind, inboxPath);
        }
        else
        {
            builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, TwinContext.Default));
        }

        var app = builder.Build();
        _ = kind switch
        {
            ServerKind.Bare => app.MapPost(Path, static (TwinNotification notification, HandledCount handled) => Count(handled)),
            ServerKind.Drop => app.MapPost(Path, DropAsync),
            _ => app.MapIncomingCalls(Path),
        };
        MapControl(app);
        return app;
    }

    private static void AddIncomingCalls(IServiceCollection services, ServerKind kind, string inboxPath)
    {
        var builder = services.AddIncomingCalls().AddWebhook(options => options.Tokens = [Token]);
        if (kind != ServerKind.Inline)
        {
            builder.UseSqliteInbox(inboxPath);
        }

        _ = kind switch
        {
            ServerKind.SqliteAlerts => builder.AddOperatorNotifier<TimedNotifier>(),
            ServerKind.SqliteStuck => builder.AddHandler<StuckHandler>(options => options.TimeLimit = TimeSpan.FromHours(1)),
            _ => builder.AddHandler<CountingHandler>(),
        };
    }

    private static IResult Count(HandledCount handled)
    {
        handled.Add();
        return Results.Ok();
    }

    private static async Task DropAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync();
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private static void MapControl(WebApplication app)
    {
        app.MapGet("/handled/{count:long}", static (long count, HandledCount handled, CancellationToken aborted) => handled.WhenAsync(count, aborted));
        app.MapGet("/alerts", static (TimedNotifier.Times times) => times.Tell());
        app.MapGet("/memory", static () => ResidentMemory.AfterCollection());
    }
}
