namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// Computes when the next request may be sent, so that the gateway receives no more than n requests within any second. When a request has
/// reached the gateway is not known, but it was before its response; so a response that takes longer than usual delays the requests that
/// follow by the difference. Not thread-safe.
/// </summary>
internal sealed class CallerRequestPacer(TimeProvider time)
{
    /// <summary>One second, and a margin of 2 % for differences of the network that no response shows.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1.02);

    /// <summary>The number of round trips from which the usual duration is known.</summary>
    private const int MinRoundTrips = 5;

    private readonly Queue<SentCallerRequest> _recent = new();
    private TimeSpan _shortestRoundTrip = TimeSpan.MaxValue;
    private int _roundTrips;

    /// <summary>Gets the delay before the next request.</summary>
    /// <param name="requestsPerSecond">The number of requests that the gateway allows, from 1.</param>
    public TimeSpan GetDelay(int requestsPerSecond)
    {
        while (_recent.Count > requestsPerSecond)
        {
            _recent.Dequeue();
        }

        if (_recent.Count < requestsPerSecond)
        {
            return TimeSpan.Zero;
        }

        var remaining = Window + _recent.Peek().Lateness - time.GetElapsedTime(_recent.Peek().SentAt);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    /// <summary>Records that a request is sent.</summary>
    /// <returns>The request, for <see cref="RecordResponse"/>.</returns>
    public SentCallerRequest RecordRequest()
    {
        var request = new SentCallerRequest { SentAt = time.GetTimestamp() };
        _recent.Enqueue(request);
        return request;
    }

    /// <summary>Records the end of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isFirst">Whether it may have had to open a connection, which takes longer than a usual request.</param>
    public void RecordResponse(SentCallerRequest request, bool isFirst)
    {
        var roundTrip = time.GetElapsedTime(request.SentAt);
        if (!isFirst)
        {
            _roundTrips++;
            _shortestRoundTrip = roundTrip < _shortestRoundTrip ? roundTrip : _shortestRoundTrip;
        }

        request.Lateness = isFirst || _roundTrips < MinRoundTrips ? roundTrip : roundTrip - _shortestRoundTrip;
    }
}

/// <summary>A request that was sent.</summary>
internal sealed class SentCallerRequest
{
    /// <summary>The timestamp at which it was sent.</summary>
    public required long SentAt { get; init; }

    /// <summary>By how much later than usual it may have reached the gateway; zero while there is no response.</summary>
    public TimeSpan Lateness { get; set; }
}
