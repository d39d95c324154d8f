using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

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

/// <summary>An event whose handler gave up: what an inbox keeps of a dead letter.</summary>
[Experimental("ICEXP001")]
public sealed record DeadLetterEntry
{
    /// <summary>The event.</summary>
    public required StoredCallEvent Event { get; init; }

    /// <summary>The handler that gave up.</summary>
    public required string Handler { get; init; }

    /// <summary>How many attempts it made.</summary>
    public required int Attempts { get; init; }

    /// <summary>The type and message of the last failure, numbers masked.</summary>
    public required string Error { get; init; }

    /// <summary>When it gave up, in UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }
}
