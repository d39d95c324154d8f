namespace IncomingCalls.GreenApi.Telemetry;

/// <summary>The state of a poller.</summary>
internal enum PollerState
{
    /// <summary>The poller receives notifications.</summary>
    Polling = 0,

    /// <summary>A request or the inbox failed; the poller retries with backoff.</summary>
    Retrying,

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
