namespace IncomingCalls;

/// <summary>How a run over the handlers of a delivery ended.</summary>
internal enum InMemoryOutcome
{
    /// <summary>Every handler has succeeded.</summary>
    Done = 0,

    /// <summary>Some never did, and will not be tried again.</summary>
    GivenUp,

    /// <summary>Some have not; the gateway sends the notification again.</summary>
    Failed,
}
