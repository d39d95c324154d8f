using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>A host with the real webhook endpoint on the loopback address.</summary>
internal sealed class WebhookHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookHost(WebApplication app) => _app = app;

    public Uri Url => new(new Uri(_app.Urls.First()), "/webhooks/green-api");

    public EventRecorder Recorder => _app.Services.GetRequiredService<EventRecorder>();

    /// <param name="token">The required token; null for none.</param>
    /// <param name="instances">The instances that the host knows; null for a host without a list.</param>
    public static async Task<WebhookHost> StartAsync(string? token, IReadOnlyCollection<CallInstance>? instances = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddEventSourceLogger();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new EventRecorder(new()));
        builder.Services.AddIncomingCalls()
            .AddHandler<RecordingHandler>()
            .AddOtherNotificationHandler<RecordingHandler>()
            .AddWebhook(options => (options.Tokens, options.AllowAnonymous) = (token is null ? null : [token], token is null));
        if (instances is not null)
        {
            var source = new TestInstanceSource();
            source.Set(instances);
            builder.Services.AddSingleton<IInstanceSource>(source);
        }

        var app = builder.Build();
        app.MapIncomingCalls();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
