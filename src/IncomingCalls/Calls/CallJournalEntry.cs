using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls.Inbox;

/// <summary>A call as the gateway's call journal reports it after its end. Of what a notification reports too, the notification takes precedence.</summary>
[Experimental("ICEXP001")]
public sealed record CallJournalEntry
{
    /// <summary>Whether the call is incoming or outgoing: the journal that contains it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(TolerantEnumConverter<CallDirection>))]
    public CallDirection Direction { get; init; }

    /// <summary>How the call ended.</summary>
    [JsonConverter(typeof(TolerantEnumConverter<CallStatus>))]
    public required CallStatus Status { get; init; }

    /// <summary>The chat of the call; null when the entry names none, or one that identifies nobody.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>When the call ended, in UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Whether <see cref="Status"/> is an outcome.</summary>
    [JsonIgnore]
    public bool HasOutcome => CallFact.FromJournal(this).Kind is not (CallEventKind.Offered or CallEventKind.Unrecognized);
}
