namespace IncomingCalls;

/// <summary>What <see cref="NotificationReader"/> found.</summary>
public enum NotificationKind
{
    /// <summary>Not JSON, or nothing that names its <c>typeWebhook</c>.</summary>
    NotANotification = 0,

    /// <summary>A call notification.</summary>
    IncomingCall,

    /// <summary>A notification of another type; <c>outgoingCall</c> is one of them.</summary>
    OtherType,

    /// <summary>It says <c>typeWebhook: incomingCall</c>, but a part without which there is no call is missing or unreadable.</summary>
    NotUnderstood,
}
