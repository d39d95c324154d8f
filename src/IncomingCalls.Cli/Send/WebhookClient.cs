using System.Net.Http.Headers;

namespace IncomingCalls.Cli;

/// <summary>The webhook of a host, as the gateway sees it.</summary>
internal sealed class WebhookClient(Uri address, string? authorization, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private const int MaxAnswerLength = 400;

    // A redirect is an answer, and not 200; our own limit stands in for the client's.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="CommandFailedException">Nobody answers.</exception>
    public async Task<SendLine> PostAsync(TestNotification notification, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(notification.ToWire()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        var begun = time.GetTimestamp();
        try
        {
            using var response = await _client.SendAsync(request, either.Token);
            var answer = (await response.Content.ReadAsStringAsync(either.Token)).Trim();
            return new()
            {
                Webhook = UriRedaction.Redact(address),
                IdInstance = notification.IdInstance,
                CallId = notification.CallId,
                From = notification.From,
                Status = notification.Status,
                HttpStatus = (int)response.StatusCode,
                Milliseconds = (long)time.GetElapsedTime(begun).TotalMilliseconds,
                Answer = answer.Length == 0 ? null : answer.Length > MaxAnswerLength ? $"{answer[..MaxAnswerLength]}…" : answer,
            };
        }
        catch (HttpRequestException e)
        {
            throw CreateUnreachableException(UnreachableMessage.DescribeError(e.HttpRequestError));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw CreateUnreachableException($"no answer within {timeout.TotalSeconds} s");
        }
    }

    public void Dispose() => _client.Dispose();

    private CommandFailedException CreateUnreachableException(string why) => new(ExitCode.Unreachable, UnreachableMessage.Create(address, why));
}
