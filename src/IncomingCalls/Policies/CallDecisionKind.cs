namespace IncomingCalls;

/// <summary>The three decisions.</summary>
public enum CallDecisionKind
{
    /// <summary>Nothing is kept.</summary>
    Discard = 0,

    /// <summary>The call is updated, without an event.</summary>
    Track,

    /// <summary>The handlers get an event.</summary>
    Handle,
}
