using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Finds out how a call ended of which no notification has reported the outcome, and who called where the notifications name the instance itself. The package that can ask the
/// gateway's call journal registers the service as a singleton; without one, no outcome is looked for.
/// </summary>
/// <remarks>Thread-safe. An inbox calls it outside of its transactions; the call takes no slot of a handler.</remarks>
[Experimental("ICEXP001")]
public interface IMissingOutcomeResolver
{
    /// <summary>How long after the first notification of a call it can be found at the earliest. Calls of the own number, whose deliveries wait, are asked for then.</summary>
    TimeSpan MinDelay { get; }

    /// <summary>Returns whether calls of an instance can be found. It neither waits nor throws.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <returns>true if <see cref="ResolveAsync"/> may find calls of the instance; otherwise, false.</returns>
    bool Covers(long idInstance);

    /// <summary>Looks for a call.</summary>
    /// <param name="missing">The call.</param>
    /// <param name="cancellationToken">The token that is cancelled when the host stops.</param>
    /// <returns>A task whose result is what was found, or when to ask again.</returns>
    ValueTask<OutcomeResolution> ResolveAsync(MissingOutcome missing, CancellationToken cancellationToken);
}

/// <summary>A call that is looked for.</summary>
[Experimental("ICEXP001")]
public sealed record MissingOutcome
{
    /// <summary>The call, as far as its notifications tell.</summary>
    public required Call Call { get; init; }

    /// <summary>When the first notification of the call was received, in UTC.</summary>
    public required DateTimeOffset FirstReceivedAt { get; init; }
}

/// <summary>What was found out about a call.</summary>
[Experimental("ICEXP001")]
public sealed record OutcomeResolution
{
    /// <summary>Nothing was found, and asking again would not help.</summary>
    public static OutcomeResolution None { get; } = new();

    /// <summary>The entry of the call; null when there is none.</summary>
    public CallJournalEntry? Entry { get; init; }

    /// <summary>When to ask again, in UTC; null for never.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>Whether the question is still open: nobody could be asked yet. The outcome is not reported as unknown meanwhile.</summary>
    public bool IsPostponed { get; init; }
}

/// <summary>The answer to the question for a missing outcome, with the decisions of the policy; see <see cref="CallTransitions.AskForOutcomeAsync"/>.</summary>
[Experimental("ICEXP001")]
public sealed record OutcomeAnswer
{
    /// <summary>The entry of the call journal; null when there is none.</summary>
    public CallJournalEntry? Entry { get; init; }

    /// <summary>The decision about <see cref="Entry"/>, or else about <see cref="CallEventKind.OutcomeUnknown"/>; null when the question is postponed.</summary>
    public CallDecision? Decision { get; init; }

    /// <summary>When to ask again, in UTC; null for never.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }
}
