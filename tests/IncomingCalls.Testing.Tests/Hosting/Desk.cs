using System.Net;
using System.Threading.Channels;

namespace IncomingCalls.Testing.Tests.Hosting;

/// <summary>A host in memory that webhooks are pushed through: each request waits until the test answers it.</summary>
internal sealed class Desk : HttpMessageHandler
{
    private readonly Channel<PushedRequest> _requests = Channel.CreateUnbounded<PushedRequest>();

    public Desk() => Client = new(this) { BaseAddress = new("http://desk.test") };

    public HttpClient Client { get; }

    public int Waiting => _requests.Reader.Count;

    public async Task<PushedRequest> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _requests.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Takes the next request and answers it.</summary>
    public async Task<PushedRequest> AnswerAsync(HttpStatusCode status)
    {
        var request = await NextAsync();
        request.Answer.SetResult(new(status));
        return request;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pushed = new PushedRequest
        {
            Verb = request.Method,
            Address = request.RequestUri!,
            ContentType = request.Content!.Headers.ContentType?.ToString(),
            Authorization = request.Headers.TryGetValues("Authorization", out var values) ? values.Single() : null,
            Body = await request.Content.ReadAsStringAsync(cancellationToken),
        };
        _requests.Writer.TryWrite(pushed);
        return await pushed.Answer.Task.WaitAsync(cancellationToken);
    }
}
