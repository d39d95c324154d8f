namespace IncomingCalls;

/// <summary>Who started a call.</summary>
public enum CallDirection
{
    /// <summary>The other side rang the instance.</summary>
    Incoming = 0,

    /// <summary>The instance rang the other side. Reserved: <c>outgoingCall</c> notifications are foreign in this version.</summary>
    Outgoing,
}
