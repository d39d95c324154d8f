using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls.Inbox;

/// <summary>One reported fact of a call, reduced to the values on which the state of the call depends.</summary>
[Experimental("ICEXP001")]
public sealed record CallFact
{
    /// <summary>The key of the fact that the outcome timer adds. No status of the gateway can be equal to it, because the keys of statuses are in lower case.</summary>
    internal const string OutcomeUnknownKey = "OutcomeUnknown";

    /// <summary>The keys of outgoing calls begin with it. No status of an incoming call can, for the same reason.</summary>
    private const string OutgoingPrefix = "Outgoing/";

    /// <summary>The keys of what the call journal reports begin with it, before the prefix of outgoing calls.</summary>
    private const string JournalPrefix = "Journal/";

    /// <summary>
    /// The deduplication key within the call: the normalized status, or the text of an unknown status in lower case; of an outgoing call, and of what the call journal reports,
    /// with a prefix.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The kind of event that the fact stands for.</summary>
    [JsonConverter(typeof(TolerantEnumConverter<CallEventKind>))]
    public required CallEventKind Kind { get; init; }

    /// <summary>Whether an incoming or an outgoing call is reported. It is a part of the key.</summary>
    [JsonIgnore]
    public CallDirection Direction => Key.AsSpan(IsFromJournal ? JournalPrefix.Length : 0).StartsWith(OutgoingPrefix, StringComparison.Ordinal) ? CallDirection.Outgoing : CallDirection.Incoming;

    /// <summary>Whether the call journal has reported the fact, and not a notification. It is a part of the key.</summary>
    [JsonIgnore]
    public bool IsFromJournal => Key.StartsWith(JournalPrefix, StringComparison.Ordinal);

    /// <summary>The <c>from</c> of the notification, or the chat of the entry of the journal; null when it has none.</summary>
    public ChatId? From { get; init; }

    /// <summary>Whether <see cref="From"/> is the instance itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFromSelf { get; init; }

    /// <summary>When the fact occurred, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Members that a later version has written; null when there are none. They are written again.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }

    /// <summary>Creates the fact that a received notification reports.</summary>
    internal static CallFact FromNotification(ReceivedCallNotification received) =>
        FromNotification(received.Notification, received.ReceivedAt) is var fact && received.IsFromOwnId ? fact with { IsFromSelf = true } : fact;

    /// <summary>Creates the fact that a notification reports.</summary>
    internal static CallFact FromNotification(IncomingCallNotification notification, DateTimeOffset receivedAt) => new()
    {
        Key = KeyOf(notification),
        Kind = KindOf(notification),
        From = notification.From,
        IsFromSelf = notification.IsFromSelf,
        OccurredAt = notification.Timestamp ?? receivedAt,
    };

    /// <summary>Creates the fact that no outcome was reported in time.</summary>
    internal static CallFact CreateOutcomeUnknown(DateTimeOffset now) => new()
    {
        Key = OutcomeUnknownKey,
        Kind = CallEventKind.OutcomeUnknown,
        OccurredAt = now,
    };

    /// <summary>Creates the only fact of a closed callback. It names the person, whom the history then has as the caller.</summary>
    internal static CallFact CreateCallbackClosed(ClosedCallback closed) => new()
    {
        Key = nameof(CallEventKind.CallbackClosed),
        Kind = CallEventKind.CallbackClosed,
        From = closed.Person.ChatId,
        OccurredAt = closed.ClosedAt,
    };

    /// <summary>Creates the fact that the call journal reports.</summary>
    internal static CallFact FromJournal(CallJournalEntry entry) => new()
    {
        Key = entry.Direction == CallDirection.Outgoing ? $"{JournalPrefix}{OutgoingPrefix}{KeyOf(entry.Status)}" : $"{JournalPrefix}{KeyOf(entry.Status)}",
        Kind = KindOf(entry.Direction, entry.Status),
        From = entry.ChatId,
        OccurredAt = entry.EndedAt,
    };

    internal static CallEventKind KindOf(IncomingCallNotification notification) => KindOf(notification.Direction, notification.Status);

    private static CallEventKind KindOf(CallDirection direction, CallStatus status) => direction == CallDirection.Outgoing ? KindOfOutgoing(status) : KindOfIncoming(status);

    private static CallEventKind KindOfIncoming(CallStatus status) => status switch
    {
        CallStatus.Offer or CallStatus.Unspecified => CallEventKind.Offered,
        CallStatus.PickUp => CallEventKind.Answered,
        CallStatus.HungUp => CallEventKind.Dropped,
        CallStatus.Missed or CallStatus.Declined => CallEventKind.Missed,
        _ => CallEventKind.Unrecognized,
    };

    /// <summary>An outgoing call is reported once, after its end. Its documented statuses are <c>pickUp</c>, <c>hungUp</c> and <c>invalid</c>.</summary>
    private static CallEventKind KindOfOutgoing(CallStatus status) => status switch
    {
        CallStatus.PickUp => CallEventKind.Answered,
        CallStatus.HungUp or CallStatus.Missed or CallStatus.Declined => CallEventKind.NotAnswered,
        CallStatus.Invalid => CallEventKind.Failed,
        _ => CallEventKind.Unrecognized,
    };

    internal static string KeyOf(IncomingCallNotification notification) =>
        // Of a call that is reported in both ways, each report is a fact.
        notification.Direction == CallDirection.Outgoing ? $"{OutgoingPrefix}{KeyOfStatus(notification)}" : KeyOfStatus(notification);

    private static string KeyOfStatus(IncomingCallNotification notification) => KeyOf(notification.Status) ?? notification.RawStatus!.ToLowerInvariant();

    /// <summary>Gets the key of a status; null for an unknown one.</summary>
    private static string? KeyOf(CallStatus status) => status switch
    {
        CallStatus.Offer => "offer",
        CallStatus.Unspecified => "",
        CallStatus.PickUp => "pickup",
        CallStatus.HungUp => "hungup",
        CallStatus.Missed => "missed",
        CallStatus.Declined => "declined",
        CallStatus.Invalid => "invalid",
        _ => null,
    };
}
