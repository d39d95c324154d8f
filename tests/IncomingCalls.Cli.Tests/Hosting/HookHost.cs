using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Cli.Tests.Hosting;

/// <summary>A host with a webhook, which answers what it is told to and writes down what came.</summary>
internal sealed class HookHost : IAsyncDisposable
{
    private readonly WebApplication _server;

    private HookHost(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
            Calls.Enqueue(NotificationReader.Read(body.ToArray()).Call!);
            await answer(context, Calls.Count);
        });
    }

    public ConcurrentQueue<IncomingCallNotification> Calls { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public string Url => $"{_server.Urls.Single()}/hook";

    public static Task<HookHost> StartAsync(int status = 200, string body = "") => StartAsync(async (context, _) =>
    {
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            await context.Response.WriteAsync(body);
        }
    });

    /// <param name="answer">Answers a request, which is the n-th.</param>
    public static async Task<HookHost> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var host = new HookHost(answer);
        await host._server.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
