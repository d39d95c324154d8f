using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Testing.Tests;

/// <summary>A webhook of somebody: it notes what comes, and answers what it is told to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private Receiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(TakeAsync);
    }

    public ConcurrentQueue<(string Body, string? ContentType, string? Authorization)> Requests { get; } = new();

    /// <summary>The answer; 200 by default.</summary>
    public Func<int, Task<int>> Answer { get; set; } = _ => Task.FromResult(200);

    public Uri Url => new(_server.Urls.Single() + "/hook");

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._server.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue((await reader.ReadToEndAsync(), context.Request.ContentType, context.Request.Headers.Authorization));
        context.Response.StatusCode = await Answer(Requests.Count).WaitAsync(context.RequestAborted);
    }
}
