using System.Net.Http.Headers;
using IncomingCalls.GreenApi.Telemetry;

namespace IncomingCalls.GreenApi.Http;

/// <summary>Sends a request within its time limit and makes a result of whatever comes back.</summary>
internal sealed class GreenApiHttpSender(IHttpClientFactory clients, TimeProvider time)
{
    public const string HttpClientName = "IncomingCalls.GreenApi";

    // One for all instances: its handler is never exchanged (connections are, see AddGreenApi), so nothing is gained by asking
    // the factory again for every poll.
    private readonly Lazy<HttpClient> _client = new(() => clients.CreateClient(HttpClientName));

    public async Task<GreenApiResult<T>> SendAsync<T>(
        GreenApiRequest call, Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> read, CancellationToken cancellationToken)
    {
        using var activity = GreenApiActivities.Start(call.Method, call.IdInstance);
        using var request = call.ToHttpRequest();
        var result = await SendWithTimeoutAsync(
            call.Timeout,
            request,
            (response, ending) => response.IsSuccessStatusCode ? read(response, ending) : ErrorResponseReader.ReadAsync<T>(call.Method, response, ending),
            cancellationToken).ConfigureAwait(false);
        GreenApiActivities.End(activity, result.Status, isEmpty: result is { IsOk: true, Value: null });
        return result;
    }

    /// <summary>Posts a notification to a webhook as the gateway would; only the status of the answer is read.</summary>
    /// <param name="address">The webhook, whose address may hold a secret as well.</param>
    /// <param name="authorization">The Authorization header; null for none.</param>
    /// <param name="utf8Json">The notification.</param>
    /// <param name="limit">How long the answer may take.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<GreenApiResult<bool>> PostNotificationAsync(
        Uri address, string? authorization, ReadOnlyMemory<byte> utf8Json, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(utf8Json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await SendWithTimeoutAsync(limit, request, ReadStatusAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task<GreenApiResult<T>> SendWithTimeoutAsync<T>(
        TimeSpan timeLimit, HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> read, CancellationToken cancellationToken)
    {
        // Headers and body together: HttpClient's own limit ends with the headers.
        using var limit = new CancellationTokenSource(timeLimit, time);
        await using var link = cancellationToken.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit).ConfigureAwait(false);
        try
        {
            var sent = time.GetUtcNow();
            using var response = await _client.Value
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            var difference = EstimateClockSkew(sent, response.Headers.Date, time.GetUtcNow());
            var result = await read(response, limit.Token).ConfigureAwait(false);
            result.ClockSkew = difference;
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
            return new() { Status = GreenApiStatus.Unreachable, TransportError = e.HttpRequestError };
        }
        catch (IOException)
        {
            return new() { Status = GreenApiStatus.Unreachable };
        }
    }

    /// <summary>The least that agrees with the answer: the server told its time somewhere on the way, and cut off the fraction.</summary>
    private static TimeSpan? EstimateClockSkew(DateTimeOffset sent, DateTimeOffset? told, DateTimeOffset received)
    {
        var (atLeast, atMost) = (sent - told - TimeSpan.FromSeconds(1), received - told);
        return atLeast > TimeSpan.Zero ? atLeast : atMost < TimeSpan.Zero ? atMost : told is null ? null : TimeSpan.Zero;
    }

    private static Task<GreenApiResult<bool>> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        return Task.FromResult(new GreenApiResult<bool>
        {
            // 200 and nothing else acknowledges a notification.
            Status = code == 200 ? GreenApiStatus.Ok : GreenApiStatus.Unexpected,
            HttpStatus = code,
            Value = code == 200,
        });
    }
}
