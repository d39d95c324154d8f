namespace IncomingCalls;

/// <summary>
/// A call in the journal of an instance, see
/// <see href="https://green-api.com/en/docs/api/journals/LastIncomingCalls/">LastIncomingCalls</see> and
/// <see href="https://green-api.com/en/docs/api/journals/LastOutgoingCalls/">LastOutgoingCalls</see>.
/// </summary>
public sealed class GreenApiJournalCall
{
    /// <summary>The id of the call. The vendor does not document that it equals the id in the notifications of the call.</summary>
    public required string IdMessage { get; init; }

    /// <summary>
    /// The chat of the call: the caller of an incoming call, the called account of an outgoing call, or the group. It can be a linked id. Null when the
    /// entry contains no chat id, or one that identifies no account, such as <c>0@c.us</c>.
    /// </summary>
    public ChatId? ChatId { get; init; }

    /// <summary>The end of the call, in UTC, with a resolution of one second; null when the entry contains no valid time.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The status of the call. The journal documents <c>pickUp</c>, <c>hungUp</c> and <c>missed</c>, and <c>invalid</c> for outgoing calls.</summary>
    public CallStatus Status => CallStatusText.Parse(RawStatus);

    /// <summary>The status as the gateway wrote it, including values that this version does not know; null when there was none.</summary>
    public string? RawStatus { get; init; }

    /// <summary>Whether it was a video call; null when the entry does not contain it.</summary>
    public bool? IsVideo { get; init; }

    /// <summary>Whether it was a group call; null when the entry does not contain it, as for outgoing calls.</summary>
    public bool? IsGroup { get; init; }

    /// <summary>The duration of an outgoing call, in whole seconds; null when the entry does not contain it, as for incoming calls.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The called accounts of an outgoing call; empty when the entry does not list them, as for incoming calls.</summary>
    public IReadOnlyList<CallParticipant> Participants { get; init; } = [];
}
