namespace IncomingCalls;

/// <summary>What each answer means for a poller.</summary>
internal static class PollerStateMapping
{
    /// <summary>Below the five minutes that a started instance may take, above any limit on requests.</summary>
    private static readonly TimeSpan StartingDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SlowDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WebhookUrlSetDelay = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A stopped poller looks again now and then: an instance is paid for, or a suspension ends, without any change on our side.
    /// </summary>
    private static readonly TimeSpan StoppedDelay = TimeSpan.FromMinutes(10);

    public static PollerState FromStatus(GreenApiStatus status) => status switch
    {
        GreenApiStatus.Ok => PollerState.Polling,
        GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.Expired => PollerState.Stopped,
        GreenApiStatus.NotAuthorized => PollerState.NotAuthorized,
        GreenApiStatus.WebhookUrlSet => PollerState.WebhookUrlSet,
        GreenApiStatus.Starting => PollerState.Starting,
        GreenApiStatus.QuotaExceeded => PollerState.QuotaExceeded,
        _ => PollerState.Retrying,
    };

    /// <summary>The wait of a state before the next try; null for one that grows with the failures.</summary>
    public static TimeSpan? FindFixedDelay(PollerState state) => state switch
    {
        PollerState.Stopped => StoppedDelay,
        PollerState.NotAuthorized or PollerState.QuotaExceeded => SlowDelay,
        PollerState.WebhookUrlSet => WebhookUrlSetDelay,
        PollerState.Starting => StartingDelay,
        _ => null,
    };

    /// <summary>What the operator of the host can do about a stopped poller.</summary>
    public static string GetAdvice(GreenApiStatus status) => status switch
    {
        GreenApiStatus.Unauthorized => "The ApiTokenInstance is wrong: copy it from the console again.",
        GreenApiStatus.Forbidden => "The IdInstance or the ApiUrl is wrong, or the account is suspended: compare them with the console.",
        GreenApiStatus.NotFound => "The ApiUrl is wrong: copy it from the console again.",
        _ => "The instance is expired or deleted: renew it in the console, or remove it here.",
    };
}
