namespace IncomingCalls.GreenApi.Callers;

/// <summary>A pause of the caller name requests of an instance, started by a response that applies to all callers.</summary>
internal sealed class ContactInfoPause(CallInstance instance, DateTimeOffset until)
{
    /// <summary>Whether the pause still applies. Another token or address ends it.</summary>
    public bool AppliesTo(CallInstance current, DateTimeOffset now) =>
        now < until && current.ApiTokenInstance == instance.ApiTokenInstance && current.ApiUrl == instance.ApiUrl;
}

/// <summary>The answer to one request: a name, no name, or a failure that applies to all callers of the instance.</summary>
internal readonly record struct ContactInfoAnswer
{
    /// <summary>The name; null when there is none, or after a failure.</summary>
    public CallerName? Name { get; init; }

    /// <summary>The reason of a failure, a text that is safe for logs; null after a success.</summary>
    public string? Failure { get; init; }

    /// <summary>How long the failure pauses the requests; null for the next delay of the backoff.</summary>
    public TimeSpan? Pause { get; init; }
}
