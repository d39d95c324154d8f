using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>Applies a fact to the history of a call. The function is pure.</summary>
internal static class CallReducer
{
    /// <summary>Adds a fact to the history of a call.</summary>
    /// <param name="before">The history so far; null for a call without one.</param>
    /// <param name="key">The key of the call.</param>
    /// <param name="fact">The new fact.</param>
    public static HistoryChange Reduce(CallHistory? before, CallKey key, CallFact fact)
    {
        before ??= new() { Key = key };
        if (before.Contains(fact.Key))
        {
            return new() { IsDuplicate = true, History = before, Call = CallProjection.Project(before) };
        }

        var previous = CallProjection.OutcomeOf(before);
        var after = before.With(fact);
        return new()
        {
            History = after,
            Call = CallProjection.Project(after),
            PreviousOutcome = previous,
            IsEvent = fact.Kind switch
            {
                CallEventKind.Unrecognized => true,
                // An offer after an outcome, or a second offer, changes nothing: the call is known to ring, or no longer rings.
                CallEventKind.Offered => previous == CallOutcome.None && !before.IsOffered,
                _ => CallProjection.OutcomeOf(fact.Kind) > previous,
            },
        };
    }
}

/// <summary>The result of <see cref="CallReducer"/>.</summary>
internal sealed class HistoryChange
{
    /// <summary>Whether the fact was known before; then nothing else has changed.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>The history with the fact.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The call with the fact.</summary>
    public required Call Call { get; init; }

    /// <summary>The outcome before the fact.</summary>
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>Whether the change is an event for the handlers.</summary>
    public bool IsEvent { get; init; }
}
