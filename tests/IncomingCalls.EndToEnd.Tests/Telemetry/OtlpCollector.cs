using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.EndToEnd.Tests.Telemetry;

/// <summary>Receives the posts of an OTLP exporter over HTTP. Names and tags are plain text in them, so they need no decoding.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Signal, string Text)> _received = new();
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((signal, Encoding.Latin1.GetString(body.ToArray())));
        });
    }

    public string Url => _app.Urls.Single();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new OtlpCollector(app);
        await app.StartAsync();
        return collector;
    }

    /// <summary>Gets the text of everything received so far for a signal (<c>traces</c>, <c>metrics</c>).</summary>
    public string ReceivedText(string signal) => string.Concat(_received.Where(post => post.Signal == signal).Select(post => post.Text));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
