using IncomingCalls.Sqlite.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

/// <summary>A simulated gateway and a real host with the SQLite inbox, for the rows of the acknowledgement table.</summary>
internal sealed class AcknowledgementHost : IAsyncDisposable
{
    public const string Token = "row-token";

    private readonly InboxFolder _folder = new();
    private WebApplication _app = null!;

    public GreenApiSimulator Gateway { get; private set; } = null!;

    public SimulatedInstance Instance { get; private set; } = null!;

    public string Path => _folder.Path;

    public AcknowledgementScript Script { get; } = new();

    public EventRecorder Recorder { get; } = new();

    public ICallInboxAdministration Inbox => _app.Services.GetRequiredService<ICallInboxAdministration>();

    public static async Task<AcknowledgementHost> StartAsync(bool isPolled, bool hasForeignHandler = false)
    {
        var desk = new AcknowledgementHost
        {
            Gateway = await GreenApiSimulator.StartAsync(options =>
            {
                options.ResendAfter = TimeSpan.FromMilliseconds(50);
                options.EnforceRateLimits = false;
            }),
        };
        desk.Instance = desk.Gateway.AddInstance();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddEventSourceLogger();
        builder.Services.AddSingleton(desk.Recorder);
        builder.Services.AddSingleton(desk.Script);
        var calls = builder.Services.AddIncomingCalls()
            .UseSqliteInbox(desk._folder.Path)
            .UsePolicy(desk.Script)
            .AddHandler<RecordingHandler>("recorder")
            .AddWebhook(webhook => webhook.Tokens = [Token])
            .AddGreenApi(options =>
            {
                options.InitialRetryDelay = TimeSpan.FromMilliseconds(100);
                options.Instances =
                [
                    new()
                    {
                        IdInstance = desk.Instance.IdInstance,
                        ApiTokenInstance = desk.Instance.ApiTokenInstance,
                        ApiUrl = desk.Gateway.ApiUrl.ToString(),
                        Receive = isPolled ? ReceiveMode.Polling : ReceiveMode.Webhook,
                    },
                ];
            });
        if (hasForeignHandler)
        {
            calls.AddOtherNotificationHandler<ScriptedOtherNotificationHandler>();
        }

        desk._app = builder.Build();
        desk._app.MapIncomingCalls();
        await desk._app.StartAsync();
        if (!isPolled)
        {
            desk.Instance.SetWebhook(new($"{desk._app.Urls.Single()}/webhooks/green-api"), Token);
        }

        return desk;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Gateway.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>The behaviour of the classes of the host in a row of the table.</summary>
internal sealed class AcknowledgementScript : ICallPolicy
{
    public Func<CallPolicyContext, CallDecision> Policy { get; set; } = CallPolicies.AllStatuses.Decide;

    public Func<Task> OnOtherNotification { get; set; } = () => Task.CompletedTask;

    public int OtherNotificationAttempts { get; set; }

    public CallDecision Decide(CallPolicyContext context) => Policy(context);
}

internal sealed class ScriptedOtherNotificationHandler(AcknowledgementScript script) : IOtherNotificationHandler
{
    public async ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
    {
        script.OtherNotificationAttempts++;
        await script.OnOtherNotification();
    }
}
