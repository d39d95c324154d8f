using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
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
    /// The maximum number of facts per call at which an unknown status is still added. Beyond it, unknown statuses count as duplicates, so
    /// that no sender can make a call grow without bound. The known statuses and the outcome timeout are always added.
    /// </summary>
    internal const int MaxUnrecognizedFacts = 32;

    /// <summary>The key of the call.</summary>
    public required CallKey Key { get; init; }

    /// <summary>When the first notification of the call was received, in UTC. The wait for the caller's name starts at this time.</summary>
    public required DateTimeOffset FirstReceivedAt { get; init; }

    /// <summary>The facts, sorted by <see cref="CallFact.Key"/> in ordinal order.</summary>
    public IReadOnlyList<CallFact> Facts { get; init; } = [];

    /// <summary>Whether an event of the call has raised an operator alert.</summary>
    public bool HasAlert { get; init; }

    /// <summary>Members that a later version has written; null when there are none. They are written again.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }

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

    internal bool Contains(CallFact fact)
    {
        // Indexed, here and in CallProjection: enumerating through the interface would allocate an enumerator.
        for (var i = 0; i < Facts.Count; i++)
        {
            if (Facts[i].Key == fact.Key)
            {
                return true;
            }
        }

        return fact.Kind == CallEventKind.Unrecognized && Facts.Count >= MaxUnrecognizedFacts;
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
        return new() { Key = Key, FirstReceivedAt = FirstReceivedAt, Facts = facts, HasAlert = HasAlert, UnknownMembers = UnknownMembers };
    }

    internal CallHistory WithAlert() => new() { Key = Key, FirstReceivedAt = FirstReceivedAt, Facts = Facts, HasAlert = true, UnknownMembers = UnknownMembers };
}
