namespace IncomingCalls.GreenApi.Callers;

/// <summary>A pause of the requests of an instance, started by a response that applies to all callers.</summary>
internal sealed class CallerRequestPause(CallInstance instance, DateTimeOffset until)
{
    /// <summary>Finds how long a failure pauses the requests of the instance; null when it may be over soon, so that the pause is that of the backoff.</summary>
    /// <param name="status">The response.</param>
    /// <param name="quotaPause">How long an exhausted quota pauses them.</param>
    public static TimeSpan? FindDuration(GreenApiStatus status, TimeSpan quotaPause) => status switch
    {
        GreenApiStatus.RateLimited => TimeSpan.FromSeconds(10),
        GreenApiStatus.NotAuthorized or GreenApiStatus.Starting => TimeSpan.FromMinutes(1),
        GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.Expired => TimeSpan.FromMinutes(10),
        GreenApiStatus.QuotaExceeded or GreenApiStatus.ContactLimitReached => quotaPause,
        _ => null,
    };

    /// <summary>Whether the pause still applies. Another token or address ends it.</summary>
    public bool AppliesTo(CallInstance current, DateTimeOffset now) =>
        now < until && current.ApiTokenInstance == instance.ApiTokenInstance && current.ApiUrl == instance.ApiUrl;
}

/// <summary>The answer to one request: what was found, nothing, or a failure that applies to all callers of the instance.</summary>
internal readonly record struct CallerAnswer<T>
    where T : class
{
    /// <summary>What was found; null for nothing, or after a failure.</summary>
    public T? Value { get; init; }

    /// <summary>The reason of a failure, a text that is safe for logs; null after a success.</summary>
    public string? Failure { get; init; }

    /// <summary>How long the failure pauses the requests; null for the next delay of the backoff.</summary>
    public TimeSpan? Pause { get; init; }
}
