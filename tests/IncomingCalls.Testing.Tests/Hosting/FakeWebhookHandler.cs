using System.Net;
using System.Threading.Channels;

namespace IncomingCalls.Testing.Tests.Hosting;

/// <summary>An in-memory receiver of webhooks: each request waits until the test answers it.</summary>
internal sealed class FakeWebhookHandler : HttpMessageHandler
{
    private readonly Channel<PushedRequest> _requests = Channel.CreateUnbounded<PushedRequest>();

    public FakeWebhookHandler() => Client = new(this) { BaseAddress = new("http://desk.test") };

    public HttpClient Client { get; }

    public int PendingCount => _requests.Reader.Count;

    public async Task<PushedRequest> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _requests.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Answers the next request.</summary>
    public async Task<PushedRequest> RespondToNextAsync(HttpStatusCode status)
    {
        var request = await NextAsync();
        request.Response.SetResult(new(status));
        return request;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pushed = new PushedRequest
        {
            Method = request.Method,
            Uri = request.RequestUri!,
            ContentType = request.Content!.Headers.ContentType?.ToString(),
            Authorization = request.Headers.TryGetValues("Authorization", out var values) ? values.Single() : null,
            Body = await request.Content.ReadAsStringAsync(cancellationToken),
        };
        _requests.Writer.TryWrite(pushed);
        return await pushed.Response.Task.WaitAsync(cancellationToken);
    }
}

/// <summary>A request of the simulator to the webhook, and its pending answer.</summary>
internal sealed class PushedRequest
{
    public required HttpMethod Method { get; init; }

    public required Uri Uri { get; init; }

    public required string? ContentType { get; init; }

    public required string? Authorization { get; init; }

    public required string Body { get; init; }

    public TaskCompletionSource<HttpResponseMessage> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
