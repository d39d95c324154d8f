using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>What a change of a call means for a person. An inbox applies it with <see cref="CallTransitions.ApplyContact"/> in the transaction that stores the call.</summary>
[Experimental("ICEXP001")]
public sealed record PersonContact
{
    /// <summary>The person.</summary>
    public required Person Person { get; init; }

    /// <summary>The call.</summary>
    public required CallKey Call { get; init; }

    /// <summary>What the call means.</summary>
    public required PersonContactKind Kind { get; init; }

    /// <summary>When the call was answered or ended, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the same call of the same person was an unanswered one before: it counts once.</summary>
    public bool WasUnanswered { get; init; }
}

/// <summary>What a call means for the callback of a person.</summary>
[Experimental("ICEXP001")]
public enum PersonContactKind
{
    /// <summary>The call turned out to be of another person, or of nobody: it no longer counts.</summary>
    Withdrawn = 0,

    /// <summary>An incoming call was missed or rejected.</summary>
    Unanswered,

    /// <summary>An incoming call was answered.</summary>
    Answered,

    /// <summary>An outgoing call was answered.</summary>
    CalledBack,

    /// <summary>An outgoing call was not answered, or failed.</summary>
    Attempt,
}

/// <summary>The result of applying an input to a <see cref="PersonState"/>.</summary>
[Experimental("ICEXP001")]
public sealed record PersonTransition
{
    /// <summary>The new state; null for a person of whom nothing is stored, and nothing needs to be.</summary>
    public required PersonState? State { get; init; }

    /// <summary>Whether the state has changed and must be written.</summary>
    public required bool IsChange { get; init; }

    /// <summary>The callback that the input has closed, for <see cref="CallTransitions.CreateCallbackEvent"/>; null for none.</summary>
    public ClosedCallback? Closed { get; init; }
}
