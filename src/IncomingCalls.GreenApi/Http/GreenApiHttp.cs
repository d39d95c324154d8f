namespace IncomingCalls;

/// <summary>Sends a request within its time limit and makes a result of whatever comes back.</summary>
internal sealed class GreenApiHttp(IHttpClientFactory clients, TimeProvider time)
{
    // One for all instances: its handler is never exchanged (connections are, see AddGreenApi), so nothing is gained by asking
    // the factory again for every poll.
    private readonly Lazy<HttpClient> _client = new(() => clients.CreateClient(GreenApiClient.HttpClientName));

    public async Task<GreenApiResult<T>> SendAsync<T>(
        GreenApiCall call, Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> read, CancellationToken cancellationToken)
    {
        using var activity = GreenApiActivities.Start(call);
        var result = await SendWithinAsync(call, read, cancellationToken).ConfigureAwait(false);
        GreenApiActivities.End(activity, result.Status, isEmpty: result is { IsOk: true, Value: null });
        return result;
    }

    private async Task<GreenApiResult<T>> SendWithinAsync<T>(
        GreenApiCall call, Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> read, CancellationToken cancellationToken)
    {
        // Headers and body together: HttpClient's own limit ends with the headers.
        using var limit = new CancellationTokenSource(call.TimeLimit, time);
        await using var link = cancellationToken.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit).ConfigureAwait(false);
        try
        {
            using var request = call.ToRequest();
            using var response = await _client.Value
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await read(response, limit.Token).ConfigureAwait(false)
                : await ErrorAnswer.ReadAsync<T>(call.Method, response, limit.Token).ConfigureAwait(false);
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
}
