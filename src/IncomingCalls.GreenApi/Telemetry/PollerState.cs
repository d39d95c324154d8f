namespace IncomingCalls.GreenApi.Telemetry;

/// <summary>How a poller is.</summary>
internal enum PollerState
{
    /// <summary>It receives.</summary>
    Polling = 0,

    /// <summary>Something failed; it tries again, ever more slowly.</summary>
    Retrying,

    /// <summary>The instance is starting.</summary>
    Starting,

    /// <summary>The quota of the plan is used up; receiving goes on slowly.</summary>
    QuotaExceeded,

    /// <summary>The messenger's account is logged out.</summary>
    NotAuthorized,

    /// <summary>Notifications go to a webhook.</summary>
    WebhookUrlSet,

    /// <summary>The instance is of no use as it is configured.</summary>
    Stopped,
}
