using System.Net.Http.Headers;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.Wire;

namespace IncomingCalls.Cli.Send;

/// <summary>Posts notifications to the webhook of a host, as the gateway does.</summary>
internal sealed class WebhookClient(Uri address, string? authorization, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private const int MaxResponseLength = 400;

    // A redirect is reported as a response other than 200. The timeout of the request replaces the timeout of the client.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="CommandFailedException">The webhook does not respond.</exception>
    public async Task<SendLine> PostAsync(TestNotification notification, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timeoutSource = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeoutSource.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(notification.ToWire()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        var startedAt = time.GetTimestamp();
        try
        {
            using var response = await _client.SendAsync(request, linked.Token);
            var body = (await response.Content.ReadAsStringAsync(linked.Token)).Trim();
            var read = WebhookResponse.From(response);
            return new()
            {
                Webhook = UriRedaction.Redact(address),
                IdInstance = notification.IdInstance,
                CallId = notification.CallId,
                From = notification.From,
                Status = notification.Status,
                HttpStatus = read.Status,
                Result = read.Result,
                Problem = SendProblem.Find(address, notification.IdInstance, read),
                Milliseconds = (long)time.GetElapsedTime(startedAt).TotalMilliseconds,
                Answer = body.Length == 0 ? null : body.Length > MaxResponseLength ? $"{body[..MaxResponseLength]}…" : body,
            };
        }
        catch (HttpRequestException e)
        {
            throw CreateUnreachableException(UnreachableMessage.DescribeError(e.HttpRequestError));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw CreateUnreachableException($"The request timed out after {timeout.TotalSeconds} s.");
        }
    }

    public void Dispose() => _client.Dispose();

    private CommandFailedException CreateUnreachableException(string cause) => new(ExitCode.Unreachable, UnreachableMessage.Create(address, cause));
}

/// <summary>A call notification that was specified on the command line.</summary>
internal sealed class TestNotification
{
    /// <summary>The instance that is used by default: the first instance of the simulator.</summary>
    public const long DefaultIdInstance = 1101000001;

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public required string? From { get; init; }

    public required string? Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Creates a unique call id in the format of WhatsApp.</summary>
    public static string CreateCallId() => Convert.ToHexString(Guid.NewGuid().ToByteArray());

    /// <summary>Serializes the notification as the gateway does.</summary>
    public ReadOnlyMemory<byte> ToWire() => NotificationWriter.Write(new()
    {
        IdMessage = CallId,
        RawStatus = Status,
        From = ChatId.TryParse(From, out var from) ? from : null,
        Instance = new() { IdInstance = IdInstance, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
        Timestamp = At,
    });
}
