namespace IncomingCalls.GreenApi.Telemetry;

/// <summary>The state of a poller.</summary>
internal enum PollerState
{
    /// <summary>The poller receives notifications.</summary>
    Polling = 0,

    /// <summary>A request or the inbox failed; the poller retries with backoff.</summary>
    Retrying,

    /// <summary>The token, the id or the address was refused, for a few minutes at most.</summary>
    Refused,

    /// <summary>The instance has expired, or is so new that the API still answers that it has.</summary>
    Expired,

    /// <summary>The instance is starting.</summary>
    Starting,

    /// <summary>The quota of the plan is exhausted; the instance is polled at a lower rate.</summary>
    QuotaExceeded,

    /// <summary>The instance is not logged in to its messenger.</summary>
    NotAuthorized,

    /// <summary>Notifications are posted to a webhook.</summary>
    WebhookUrlSet,

    /// <summary>The instance cannot be polled with its current configuration.</summary>
    Stopped,
}
