using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace IncomingCalls.Testing.Tests.Hosting;

/// <summary>A server with a real address that answers every webhook with 200 and records the requests.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private WebhookServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType} {context.Request.Headers.Authorization} {body}");
        });
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Url => new(new(_server.Urls.Single()), "/hook");

    public static async Task<WebhookServer> StartAsync()
    {
        var desk = new WebhookServer();
        await desk._server.StartAsync();
        return desk;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
