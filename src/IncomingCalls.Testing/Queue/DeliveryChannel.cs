namespace IncomingCalls.Testing;

/// <summary>How a notification was handed out.</summary>
public enum DeliveryChannel
{
    /// <summary>By receiveNotification.</summary>
    Poll = 0,

    /// <summary>By a request to the webhook URL.</summary>
    Webhook,
}
