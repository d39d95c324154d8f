using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>What an inbox has to keep after something happened to a call.</summary>
internal sealed class CallTransition
{
    /// <summary>Whether this was known before; then there is nothing to keep.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>What is known of the call now.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The call now.</summary>
    public required Call Call { get; init; }

    /// <summary>Whether the call got its outcome by this, or a higher one; also where that is no event.</summary>
    public bool RaisesOutcome { get; init; }

    /// <summary>The event that handlers are owed; null when the call was only updated.</summary>
    public StoredCallEvent? Event { get; init; }
}
