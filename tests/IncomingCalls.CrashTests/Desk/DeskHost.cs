using IncomingCalls.Inboxes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.CrashTests.Desk;

/// <summary>A host as a user writes it: both transports, the SQLite inbox, two handlers. It also knows where to die.</summary>
internal static class DeskHost
{
    public const string Token = "crash-token";
    public const string Ready = "ready";

    public static async Task RunAsync(DeskSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.Port}");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<DeathPoints>();
        builder.Services.AddSingleton<Effects>();
        builder.Services.AddIncomingCalls(options =>
            {
                options.OutcomeTimeout = TimeSpan.Zero;
                options.Retries = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 1_000)];
            })
            .UseSqliteInbox(inbox =>
            {
                inbox.Path = Path.Combine(settings.Folder, "calls.db");
                inbox.LockWait = TimeSpan.FromSeconds(10);
            })
            .AddFilter<MortalFilter>()
            .AddHandler<FirstHandler>(FirstHandler.Name)
            .AddHandler<SecondHandler>(SecondHandler.Name)
            .AddWebhook(webhook => webhook.Tokens = [Token])
            .AddGreenApi(options =>
            {
                options.FirstRetryDelay = TimeSpan.FromMilliseconds(100);
                options.Instances =
                [
                    new() { IdInstance = settings.PolledInstance, ApiTokenInstance = settings.PolledToken, ApiUrl = settings.ApiUrl },
                    new() { IdInstance = settings.PolledInstance + 1, Receive = ReceiveMode.Webhook },
                ];
            });
        var inbox = builder.Services.Last(service => service.ServiceType == typeof(ICallInbox));
        builder.Services.AddSingleton<ICallInbox>(services =>
            new MortalInbox((ICallInbox)inbox.ImplementationFactory!(services), services.GetRequiredService<DeathPoints>()));

        var app = builder.Build();
        var points = app.Services.GetRequiredService<DeathPoints>();
        app.Use((context, next) =>
        {
            context.Response.OnCompleted(() =>
            {
                points.Pass(DeathPoints.Answered);
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.MapIncomingCalls();
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(Ready));
        await app.RunAsync();
    }
}
