using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>
/// Finds the entry of a call in the journals of its instance. That an entry has the id of the notifications is not documented, so there are rules without it, for as long as no call of the instance
/// was found by its id. What is ambiguous is no match. The functions are pure.
/// </summary>
internal static class CallJournalMatch
{
    /// <summary>The longest time from the offer to the end of a call that nobody answers. The time of the offer of an answered call cannot be derived from its end.</summary>
    private static readonly TimeSpan MaxRingTime = TimeSpan.FromMinutes(1);

    /// <summary>The time around an offer in which the chat may have no other call.</summary>
    private static readonly TimeSpan Isolation = TimeSpan.FromMinutes(3);

    /// <summary>Finds the entry with the id of a call. An own call is in the journal of outgoing calls, although notifications have reported an incoming one.</summary>
    /// <param name="call">The call.</param>
    /// <param name="incoming">The journal of incoming calls.</param>
    /// <param name="outgoing">The journal of outgoing calls; empty for a call that names its caller.</param>
    public static CallJournalEntry? FindById(Call call, IReadOnlyList<GreenApiJournalCall> incoming, IReadOnlyList<GreenApiJournalCall> outgoing)
    {
        var (client, own) = (FindById(call.Key, incoming), FindById(call.Key, outgoing));
        return own is null ? ToEntry(client, CallDirection.Incoming) : client is null ? ToEntry(own, CallDirection.Outgoing) : null;
    }

    /// <summary>Finds the entry of an unanswered call by its chat and time.</summary>
    public static CallJournalEntry? FindByChat(Call call, IReadOnlyList<GreenApiJournalCall> incoming)
    {
        if (call is not { Caller.ChatId: { Kind: not ChatIdKind.Group } caller, OfferedAt: { } offeredAt } || call.Anomalies.HasFlag(CallAnomalies.FromSelf))
        {
            return null;
        }

        return incoming.Where(entry => entry.ChatId == caller && entry.EndedAt is { } endedAt && (endedAt - offeredAt).Duration() <= Isolation).ToArray()
            is [{ IsGroup: not true, Status: not CallStatus.PickUp } entry] && entry.EndedAt >= offeredAt && entry.EndedAt <= offeredAt + MaxRingTime
            ? ToEntry(entry, CallDirection.Incoming)
            : null;
    }

    private static GreenApiJournalCall? FindById(CallKey key, IReadOnlyList<GreenApiJournalCall> journal) =>
        journal.Where(entry => entry.IdMessage == key.IdMessage).ToArray() is [var entry] ? entry : null;

    /// <summary>Converts an entry; null for one without an outcome. A group is not who called.</summary>
    public static CallJournalEntry? ToEntry(GreenApiJournalCall? call, CallDirection direction) =>
        call?.EndedAt is { } endedAt && new CallJournalEntry
        {
            Direction = direction,
            Status = call.Status,
            ChatId = call.IsGroup == true || call.ChatId?.Kind == ChatIdKind.Group ? null : call.ChatId,
            EndedAt = endedAt,
        } is { HasOutcome: true } entry
            ? entry
            : null;
}
