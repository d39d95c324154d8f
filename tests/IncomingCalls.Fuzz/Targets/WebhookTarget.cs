using System.Net.Http.Headers;
using System.Text;
using IncomingCalls.Fuzz.Corpora;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Fuzz.Targets;

/// <summary>
/// Posts documents to the webhook endpoint over HTTP, with any headers. Every request has one of the documented answers and the result header, the endpoint
/// logs no unexpected failure, and it accepts a call afterwards.
/// </summary>
internal sealed class WebhookTarget : FuzzTarget
{
    private const string Token = "fuzz-token";
    private const string Path = "/webhooks/green-api";
    private const int UnexpectedFailure = 2011;

    // 503 is not among them: an input cannot make an inbox in memory unavailable.
    private static readonly int[] Statuses = [200, 400, 401, 403, 415];
    private static readonly string?[] Authorizations = [$"Bearer {Token}", $"Bearer {Token}", $"Bearer {Token}", Token, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Token))}", "Bearer wrong", "Bearer", null];
    private static readonly string?[] ContentTypes = ["application/json", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", null];
    private static readonly string?[] Encodings = [null, null, null, "identity", "gzip", "br"];

    private readonly WebApplication _app;
    private readonly FailureLogger _failures;
    private readonly HttpClient _http = new();

    private WebhookTarget(WebApplication app, FailureLogger failures)
    {
        _app = app;
        _failures = failures;
        _http.BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public override IReadOnlyList<byte[]> Documents { get; } = NotificationCorpus.Read();

    public static async Task<WebhookTarget> StartAsync()
    {
        var failures = new FailureLogger();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(failures);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddIncomingCalls().AddWebhook(options => options.Tokens = [Token]).AddHandler<NoOpHandler>("fuzz");
        var app = builder.Build();
        app.MapIncomingCalls(Path);
        await app.StartAsync();
        return new(app, failures);
    }

    public override async ValueTask<(string Kind, string? Fault)> CheckAsync(byte[] input, Random random)
    {
        using var response = await PostAsync(input, Pick(Authorizations, random), Pick(ContentTypes, random), Pick(Encodings, random), isChunked: random.Next(4) == 0);
        var status = (int)response.StatusCode;
        var result = response.Headers.TryGetValues("X-IncomingCalls-Result", out var values) ? values.Single() : null;
        return ($"{status} {result}", !Statuses.Contains(status) ? $"the status is {status}" : result is null ? $"status {status} without a result" : null);
    }

    public override async Task<string?> CheckAfterwardsAsync()
    {
        var call = """{"typeWebhook":"incomingCall","idMessage":"LAST","timestamp":1790000000,"status":"declined","from":"10000001@c.us","instanceData":{"idInstance":1101000001}}"""u8.ToArray();
        using var response = await PostAsync(call, $"Bearer {Token}", "application/json", null, isChunked: false);
        return (int)response.StatusCode != 200 ? $"a call is answered with {(int)response.StatusCode} after all inputs"
            : _failures.First is { } failure ? $"the endpoint logged {failure}"
            : null;
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _failures.Dispose();
        await base.DisposeAsync();
    }

    private static string? Pick(string?[] from, Random random) => from[random.Next(from.Length)];

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? authorization, string? contentType, string? encoding, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await _http.SendAsync(request);
    }

    private sealed class NoOpHandler : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    /// <summary>Remembers the first log entry of an unexpected failure.</summary>
    private sealed class FailureLogger : ILoggerProvider, ILogger
    {
        private string? _first;

        public string? First => _first;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == UnexpectedFailure || logLevel == LogLevel.Critical)
            {
                Interlocked.CompareExchange(ref _first, $"{eventId.Id}: {formatter(state, exception)} {exception}", null);
            }
        }

        public void Dispose()
        {
        }
    }
}
