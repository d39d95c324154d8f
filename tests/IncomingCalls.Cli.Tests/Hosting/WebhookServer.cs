using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Cli.Tests.Hosting;

/// <summary>A host with a webhook that answers as the test specifies and records what it received.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private WebhookServer(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            ReceivedAuthorizations.Enqueue(context.Request.Headers.Authorization.ToString());
            ReceivedCalls.Enqueue(NotificationReader.Read(body.ToArray()).Call!);
            await answer(context, ReceivedCalls.Count);
        });
    }

    public ConcurrentQueue<IncomingCallNotification> ReceivedCalls { get; } = new();

    public ConcurrentQueue<string> ReceivedAuthorizations { get; } = new();

    public string Url => $"{_server.Urls.Single()}/hook";

    public static Task<WebhookServer> StartAsync(int status = 200, string body = "") => StartAsync(async (context, _) =>
    {
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            await context.Response.WriteAsync(body);
        }
    });

    /// <param name="answer">Answers a request; receives the number of requests so far.</param>
    public static async Task<WebhookServer> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var host = new WebhookServer(answer);
        await host._server.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
