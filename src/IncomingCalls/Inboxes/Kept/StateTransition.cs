using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

/// <summary>What an inbox has to write, and what to do once it is written.</summary>
[Experimental("ICEXP001")]
public sealed class StateTransition
{
    /// <summary>The call from now on.</summary>
    public required CallState State { get; init; }

    /// <summary>Whether anything changed: a repeat leaves nothing to write.</summary>
    public bool IsChange { get; init; } = true;

    /// <summary>What to tell the transport, for a notification.</summary>
    public IntakeOutcome Outcome { get; init; }

    /// <summary>The dead letter to write beside the call; null for none.</summary>
    public DeadLetterEntry? DeadLetter { get; init; }

    /// <summary>The call, when the step brought its outcome or a higher one; null otherwise.</summary>
    internal Call? EndedCall { get; init; }
}
