namespace IncomingCalls;

/// <summary>A time during which nobody's name is asked for, because the last answer said that it makes no sense.</summary>
internal sealed class ContactInfoPause(CallInstance instance, DateTimeOffset until)
{
    /// <summary>Whether it still holds; another token or address starts afresh.</summary>
    public bool AppliesTo(CallInstance current, DateTimeOffset now) =>
        now < until && current.ApiTokenInstance == instance.ApiTokenInstance && current.ApiUrl == instance.ApiUrl;

    /// <summary>How long an answer speaks for all callers of the instance; null when it speaks for one only.</summary>
    /// <param name="status">The answer.</param>
    /// <param name="usedUp">How long, when a quota is used up: see <see cref="GreenApiOptions.CallerNameQuotaPause"/>.</param>
    public static TimeSpan? FindDuration(GreenApiStatus status, TimeSpan usedUp) => status switch
    {
        GreenApiStatus.RateLimited => TimeSpan.FromSeconds(10),
        GreenApiStatus.NotAuthorized or GreenApiStatus.Starting => TimeSpan.FromMinutes(1),
        GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.Expired => TimeSpan.FromMinutes(10),
        GreenApiStatus.QuotaExceeded or GreenApiStatus.ContactLimitReached => usedUp,
        _ => null,
    };
}
