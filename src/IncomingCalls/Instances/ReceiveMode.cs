namespace IncomingCalls;

/// <summary>How the notifications of an instance reach us.</summary>
public enum ReceiveMode
{
    /// <summary>We ask for them: receiveNotification and deleteNotification.</summary>
    Polling = 0,

    /// <summary>The gateway posts them to our webhook endpoint.</summary>
    Webhook,
}
