using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Calls;

namespace IncomingCalls.Inbox;

/// <summary>
/// The distinct facts that were reported of a call. The state of the call is a function of this set, so it does not depend on the
/// order of arrival: see <see cref="CallProjection"/>.
/// </summary>
[Experimental("ICEXP001")]
public sealed class CallHistory
{
    /// <summary>
    /// The maximum number of facts per call: six statuses, the outcome timer, and room for unknown statuses. Beyond it, further facts
    /// count as duplicates, so that no sender can make a call grow without bound.
    /// </summary>
    internal const int MaxFacts = 32;

    /// <summary>The key of the call.</summary>
    public required CallKey Key { get; init; }

    /// <summary>The facts, sorted by <see cref="CallFact.Key"/> in ordinal order.</summary>
    public IReadOnlyList<CallFact> Facts { get; init; } = [];

    /// <summary>Whether an event of the call has raised an operator alert.</summary>
    public bool HasAlert { get; init; }

    /// <summary>Whether an offer of the call was reported.</summary>
    internal bool IsOffered
    {
        get
        {
            for (var i = 0; i < Facts.Count; i++)
            {
                if (Facts[i].Kind == CallEventKind.Offered)
                {
                    return true;
                }
            }

            return false;
        }
    }

    internal bool Contains(string factKey)
    {
        // Indexed, here and in CallProjection: enumerating through the interface would allocate an enumerator.
        for (var i = 0; i < Facts.Count; i++)
        {
            if (Facts[i].Key == factKey)
            {
                return true;
            }
        }

        return Facts.Count >= MaxFacts;
    }

    internal CallHistory With(CallFact fact)
    {
        var facts = new CallFact[Facts.Count + 1];
        var index = Facts.Count;
        for (; index > 0 && string.CompareOrdinal(Facts[index - 1].Key, fact.Key) > 0; index--)
        {
            facts[index] = Facts[index - 1];
        }

        for (var i = 0; i < index; i++)
        {
            facts[i] = Facts[i];
        }

        facts[index] = fact;
        return new() { Key = Key, Facts = facts, HasAlert = HasAlert };
    }

    internal CallHistory WithAlert() => new() { Key = Key, Facts = Facts, HasAlert = true };
}
