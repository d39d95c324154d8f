using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Calls;

namespace IncomingCalls.Inbox;

/// <summary>
/// Everything reported of a call, once each. The call is a function of this set, which is why the order of arrival cannot
/// matter: see <see cref="CallProjection"/>.
/// </summary>
[Experimental("ICEXP001")]
public sealed class CallHistory
{
    /// <summary>
    /// No call has more: six statuses, the timer, and texts of tomorrow. Further unknown texts are repeats, so that nobody
    /// can make a call grow without bound.
    /// </summary>
    internal const int MaxFacts = 32;

    /// <summary>The call.</summary>
    public required CallKey Key { get; init; }

    /// <summary>What was reported, sorted by <see cref="CallFact.Key"/>.</summary>
    public IReadOnlyList<CallFact> Facts { get; init; } = [];

    /// <summary>Whether the call has been offered with an alert for an operator.</summary>
    public bool HasAlert { get; init; }

    /// <summary>Whether it is known that the call rang.</summary>
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
        // By place, here and in CallProjection: the enumerator of an interface is an allocation.
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
        var place = Facts.Count;
        for (; place > 0 && string.CompareOrdinal(Facts[place - 1].Key, fact.Key) > 0; place--)
        {
            facts[place] = Facts[place - 1];
        }

        for (var i = 0; i < place; i++)
        {
            facts[i] = Facts[i];
        }

        facts[place] = fact;
        return new() { Key = Key, Facts = facts, HasAlert = HasAlert };
    }

    internal CallHistory WithAlert() => new() { Key = Key, Facts = Facts, HasAlert = true };
}
