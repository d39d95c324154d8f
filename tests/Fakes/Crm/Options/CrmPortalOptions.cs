namespace IncomingCalls.Fakes.Crm;

/// <summary>The switches of one portal. A change takes effect with the next request.</summary>
public sealed class CrmPortalOptions
{
    /// <summary>How many requests a second the portal allows in the long run. The default is 2. Documented (Bitrix24): 2 per portal and source address; amoCRM documents 7.</summary>
    public double RequestsPerSecond { get; set; } = 2;

    /// <summary>How many requests the portal allows at once after a pause. The default is 5. Documented (Bitrix24): a leaky bucket, of 50 requests; 5 is assumed, so that tests meet the limit.</summary>
    public int Burst { get; set; } = 5;

    /// <summary>How an answer 429 states when to go on. The default is a header in seconds.</summary>
    public RetryAfterFormat RetryAfterFormat { get; set; } = RetryAfterFormat.Seconds;

    /// <summary>How long every request is refused after an answer 429 that states it. The default is 2 s. Documented (amoCRM): with an example of 300 s.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After how many violations of the limit the portal is blocked; null, the default, for never. Documented (amoCRM): repeated excess blocks the account; the number is not.</summary>
    public int? BlockAfterViolations { get; set; }

    /// <summary>How long a block lasts. The default is 10 minutes. Documented (amoCRM): until the support lifts it; that it ends by itself is assumed.</summary>
    public TimeSpan BlockDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The lifetime of an access token. The default is 1 hour. Documented (Bitrix24); 24 hours in amoCRM.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The lifetime of a refresh token. The default is 90 days. Documented (amoCRM): 3 months; 180 days in Bitrix24.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Whether the previous refresh token is accepted until the new access or refresh token was used, so that a refresh can be repeated after a lost answer.
    /// The default is false. Documented (amoCRM).
    /// </summary>
    public bool AcceptsPreviousRefreshToken { get; set; }

    /// <summary>How long the portal recognises a repeated registration of a call. The default is 30 minutes. Documented (Bitrix24).</summary>
    public TimeSpan IdempotencyWindow { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a finished call is no longer recognised when it is registered again. The default is false. Reported (Bitrix24): finishing deletes the row that is compared.</summary>
    public bool IdempotencyEndsWithFinish { get; set; }

    /// <summary>Whether the application may read call records; without the right it gets 403. The default is true. Documented (Bitrix24): the right to view call statistics.</summary>
    public bool AllowsReadingCalls { get; set; } = true;
}

/// <summary>How an answer 429 states when requests are accepted again.</summary>
public enum RetryAfterFormat
{
    /// <summary>The header <c>Retry-After</c> in seconds. Assumed, after RFC 9110.</summary>
    Seconds,

    /// <summary>The header <c>Retry-After</c> as an HTTP date. Assumed, after RFC 9110.</summary>
    HttpDate,

    /// <summary>The property <c>retry_after</c> of the body, in seconds, and no header. Documented (amoCRM).</summary>
    Body,

    /// <summary>Not at all: requests are accepted again as soon as the rate allows them. Assumed: Bitrix24 documents no time either, but the status 503.</summary>
    None,
}
