namespace IncomingCalls;

/// <summary>The direction of a call, as seen by the instance.</summary>
public enum CallDirection
{
    /// <summary>The other side called the instance.</summary>
    Incoming = 0,

    /// <summary>The instance called the other side (<c>outgoingCall</c>).</summary>
    Outgoing,
}
