using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>What happened to a call, and what that changes: a pure function.</summary>
internal static class CallReducer
{
    /// <summary>Adds a fact to what is known.</summary>
    /// <param name="before">What is known; null for a call never heard of.</param>
    /// <param name="key">The call.</param>
    /// <param name="fact">What happened.</param>
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
                // Late, or the second of two: the call is known to ring, or rings no more.
                CallEventKind.Offered => previous == CallOutcome.None && !before.IsOffered,
                _ => CallProjection.OutcomeOf(fact.Kind) > previous,
            },
        };
    }
}

/// <summary>The result of <see cref="CallReducer"/>.</summary>
internal sealed class HistoryChange
{
    /// <summary>Whether this was known before; then nothing else changed.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>What is known now.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The call now.</summary>
    public required Call Call { get; init; }

    /// <summary>The outcome before.</summary>
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>Whether the change is one that handlers hear of.</summary>
    public bool IsEvent { get; init; }
}
