namespace IncomingCalls.GreenApi.Client;

/// <summary>
/// Repeats a request that was answered with 429. Most methods may be called once per second and instance, by all programs together, so two programs
/// that start at the same time reject each other's requests.
/// </summary>
internal static class RateLimitRetry
{
    /// <summary>Enough for four programs that start at once: one of those that wait succeeds each time.</summary>
    public const int MaxAttempts = 4;

    /// <summary>Longer than the second in which the API counts requests.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(1100);

    /// <summary>Sends a request, and again while it is answered with 429.</summary>
    /// <param name="send">Sends the request.</param>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is that of the last attempt.</returns>
    public static async Task<GreenApiResult<T>> SendAsync<T>(Func<Task<GreenApiResult<T>>> send, TimeProvider time, CancellationToken cancellationToken)
    {
        var result = await send().ConfigureAwait(false);
        for (var attempt = 1; result.Status == GreenApiStatus.RateLimited && attempt < MaxAttempts; attempt++)
        {
            await Task.Delay(Delay, time, cancellationToken).ConfigureAwait(false);
            result = await send().ConfigureAwait(false);
        }

        return result;
    }
}
