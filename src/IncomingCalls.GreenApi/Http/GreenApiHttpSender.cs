using System.Net.Sockets;
using System.Security.Authentication;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Telemetry;

namespace IncomingCalls.GreenApi.Http;

/// <summary>Sends a request with a timeout and converts every response and connection failure into a result.</summary>
internal sealed class GreenApiHttpSender(GreenApiHttpHandlerFactory handlers, TimeProvider time) : IDisposable
{
    public const string HttpClientName = "IncomingCalls.GreenApi";

    // One client for all instances: its handler is never replaced, and its connections are (see AddGreenApiClient).
    private readonly Lazy<HttpClient> _client = new(() => new(handlers.Create()) { Timeout = GreenApiRequest.HttpClientTimeout });

    public Task<GreenApiResult<T>> SendAsync<T>(
        GreenApiRequest apiRequest, Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> read, CancellationToken cancellationToken) =>
        SendAsync(apiRequest, read, (response, aborted) => ErrorResponseReader.ReadAsync<T>(apiRequest.Method, response, aborted), cancellationToken);

    /// <summary>Sends a request.</summary>
    /// <param name="apiRequest">The request.</param>
    /// <param name="read">Reads a response with a success status.</param>
    /// <param name="readError">Reads a response with an error status.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task<GreenApiResult<T>> SendAsync<T>(
        GreenApiRequest apiRequest,
        Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> read,
        Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> readError,
        CancellationToken cancellationToken)
    {
        using var activity = GreenApiActivities.Start(apiRequest.Method, apiRequest.IdInstance);
        using var request = apiRequest.ToHttpRequest();
        var result = await SendWithTimeoutAsync(
            apiRequest.Timeout,
            request,
            (response, requestAborted) => response.IsSuccessStatusCode ? read(response, requestAborted) : readError(response, requestAborted),
            cancellationToken).ConfigureAwait(false);
        GreenApiActivities.End(activity, result.Status, isEmpty: result is { IsOk: true, Value: null });
        return result;
    }

    /// <summary>Posts a notification to a webhook as the gateway would. The body of the response is not read.</summary>
    /// <returns>A task whose result contains the response.</returns>
    public async Task<GreenApiResult<WebhookResponse>> PostNotificationAsync(WebhookProbe probe, CancellationToken cancellationToken)
    {
        using var request = probe.ToHttpRequest();
        return await SendWithTimeoutAsync(WebhookProbe.ResponseTimeout, request, ReadStatusAsync, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task<GreenApiResult<T>> SendWithTimeoutAsync<T>(
        TimeSpan timeout, HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> read, CancellationToken cancellationToken)
    {
        // One timeout for headers and body: with ResponseHeadersRead, the timeout of HttpClient ends with the headers.
        using var requestAborted = new CancellationTokenSource(timeout, time);
        await using var registration = cancellationToken
            .UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), requestAborted).ConfigureAwait(false);
        try
        {
            var sentAt = time.GetUtcNow();
            using var response = await _client.Value
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, requestAborted.Token).ConfigureAwait(false);
            var clockSkew = EstimateClockSkew(sentAt, response.Headers.Date, time.GetUtcNow());
            var result = await read(response, requestAborted.Token).ConfigureAwait(false);
            result.ClockSkew = clockSkew;
            return result;
        }
        catch (OperationCanceledException e)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Message, cancellationToken);
            }

            return new() { Status = GreenApiStatus.TimedOut };
        }
        catch (HttpRequestException e)
        {
            return new() { Status = GreenApiStatus.Unreachable, TransportError = e.HttpRequestError, TransportProblem = DescribeProblem(request.RequestUri!, e) };
        }
        catch (IOException)
        {
            return new() { Status = GreenApiStatus.Unreachable };
        }
    }

    /// <summary>
    /// Estimates the smallest clock skew that is consistent with the response. The server wrote its time between sending and receiving,
    /// truncated to whole seconds.
    /// </summary>
    private static TimeSpan? EstimateClockSkew(DateTimeOffset sentAt, DateTimeOffset? serverTime, DateTimeOffset receivedAt)
    {
        var (atLeast, atMost) = (sentAt - serverTime - TimeSpan.FromSeconds(1), receivedAt - serverTime);
        return atLeast > TimeSpan.Zero ? atLeast : atMost < TimeSpan.Zero ? atMost : serverTime is null ? null : TimeSpan.Zero;
    }

    /// <summary>Describes why a connection failed, with scheme, host and port: the rest of the address contains secrets.</summary>
    private static string DescribeProblem(Uri address, HttpRequestException e)
    {
        var cause = e.InnerException switch
        {
            SocketException socket => socket.SocketErrorCode.ToString(),
            AuthenticationException => "the certificate or the TLS protocol was not accepted",
            _ => e.HttpRequestError.ToString(),
        };
        return $"{cause} at {address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}";
    }

    private static Task<GreenApiResult<WebhookResponse>> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var read = WebhookResponse.From(response);
        return Task.FromResult(new GreenApiResult<WebhookResponse>
        {
            // Only 200 acknowledges a notification.
            Status = read.Status == 200 ? GreenApiStatus.Ok : GreenApiStatus.Unexpected,
            HttpStatus = read.Status,
            Value = read,
        });
    }
}
