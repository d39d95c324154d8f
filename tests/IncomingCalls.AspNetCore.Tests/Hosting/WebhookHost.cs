using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>A real host on Kestrel: HTTP/1.1 on one port, HTTP/2 without TLS on another.</summary>
internal sealed class WebhookHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookHost(WebApplication app, LogCapture logs)
    {
        _app = app;
        Logs = logs;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Address = new(addresses[0]);
        Http2Address = new(addresses[1]);
        Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    public Uri Http2Address { get; }

    public HttpClient Client { get; }

    public LogCapture Logs { get; }

    public IServiceProvider Services => _app.Services;

    public EventRecorder Recorder => Services.GetRequiredService<EventRecorder>();

    public static async Task<WebhookHost> StartAsync(WebhookHostOptions? setup = null)
    {
        var logs = new LogCapture();
        var app = Build(setup ?? new(), logs);
        await app.StartAsync();
        return new(app, logs);
    }

    public static WebApplication Build(WebhookHostOptions setup, LogCapture? logs = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(setup.Configuration.Select(pair => KeyValuePair.Create($"IncomingCalls:{pair.Key}", pair.Value)));
        builder.Logging.ClearProviders().AddEventSourceLogger();
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddProvider(logs ?? new());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            setup.ConfigureKestrel(kestrel);
        });
        builder.Services.AddSingleton<EventRecorder>();
        setup.ConfigureHost(builder);
        var calls = builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .AddHandler<RecordingHandler>()
            .AddWebhook(setup.ConfigureWebhook);
        setup.ConfigureCalls(calls);
        builder.Host.UseDefaultServiceProvider(options => options.ValidateScopes = options.ValidateOnBuild = true);
        var app = builder.Build();
        setup.ConfigurePipeline(app);
        app.MapIncomingCalls(setup.Pattern);
        return app;
    }

    public Task<HttpResponseMessage> PostAsync(string body, string? token = WebhookHostOptions.Token, string path = "/webhooks/green-api") =>
        PostAsync(NotificationJson.Utf8(body), token, path);

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string? token = WebhookHostOptions.Token, string path = "/webhooks/green-api")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        return await SendAsync(content, token, path);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpContent content, string? authorization = WebhookHostOptions.Token, string path = "/webhooks/green-api", bool isHttp2 = false, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(isHttp2 ? Http2Address : Address, path))
        {
            Content = content,
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization).Should().BeTrue();
        }

        return await Client.SendAsync(request, cancellationToken);
    }

    public async Task<int> PostForStatusAsync(string body, string? token = WebhookHostOptions.Token, string path = "/webhooks/green-api")
    {
        using var response = await PostAsync(body, token, path);
        return (int)response.StatusCode;
    }

    /// <summary>Changes the configuration and reloads it, as the edit of a file does.</summary>
    public void SetConfiguration(string key, string? value)
    {
        _app.Configuration[$"IncomingCalls:{key}"] = value;
        ((IConfigurationRoot)_app.Configuration).Reload();
    }

    /// <summary>Waits until the instances fulfil a condition.</summary>
    public async Task WaitForInstancesAsync(Func<IReadOnlyCollection<CallInstance>, bool> condition)
    {
        var instances = Services.GetRequiredService<ICallInstances>();
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = instances.Watch().RegisterChangeCallback(_ => changed.TrySetResult(), null);
            if (condition(instances.Current))
            {
                return;
            }

            await changed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Stops the host without waiting for running requests.</summary>
    public Task StopImmediatelyAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>The options of the host of a test. By default it has a token, one handler, and the in-memory inbox.</summary>
internal sealed class WebhookHostOptions
{
    public const string Token = "demo-secret";

    public string Pattern { get; init; } = "/webhooks/green-api";

    public Action<IncomingCallsWebhookOptions>? ConfigureWebhook { get; init; } = options => options.Tokens = [Token];

    public Action<IIncomingCallsBuilder> ConfigureCalls { get; init; } = _ => { };

    /// <summary>Configures the host before AddIncomingCalls.</summary>
    public Action<WebApplicationBuilder> ConfigureHost { get; init; } = _ => { };

    public Action<KestrelServerOptions> ConfigureKestrel { get; init; } = _ => { };

    /// <summary>Adds middleware before the endpoint.</summary>
    public Action<WebApplication> ConfigurePipeline { get; init; } = _ => { };

    /// <summary>Configuration keys below <c>IncomingCalls</c>.</summary>
    public Dictionary<string, string?> Configuration { get; init; } = [];
}
