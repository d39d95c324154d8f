using System.Net.Http.Headers;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.Wire;

namespace IncomingCalls.Cli.Send;

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

/// <summary>A call notification that somebody typed.</summary>
internal sealed class TestNotification
{
    /// <summary>An instance of the simulator, for whoever names none.</summary>
    public const long DefaultIdInstance = 1101000001;

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public required string? From { get; init; }

    public required string? Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>An id in WhatsApp's form that no call has had.</summary>
    public static string CreateCallId() => Convert.ToHexString(Guid.NewGuid().ToByteArray());

    /// <summary>The bytes, as the gateway writes them.</summary>
    public ReadOnlyMemory<byte> ToWire() => NotificationWriter.Write(new()
    {
        IdMessage = CallId,
        RawStatus = Status,
        From = ChatId.TryParse(From, out var from) ? from : null,
        Instance = new() { IdInstance = IdInstance, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
        Timestamp = At,
    });
}
