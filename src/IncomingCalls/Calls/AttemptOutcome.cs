using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>The outcome of one attempt of a handler.</summary>
[Experimental("ICEXP001")]
public enum AttemptOutcome
{
    /// <summary>The handler succeeded; the delivery is done.</summary>
    Succeeded = 0,

    /// <summary>The attempt failed; the delivery is retried.</summary>
    Failed,

    /// <summary>The handler rejected the event; the delivery is not retried.</summary>
    Rejected,

    /// <summary>The destination of the handler is unavailable; the attempt does not count, and the delivery waits until the destination can be used again.</summary>
    Unavailable,
}
