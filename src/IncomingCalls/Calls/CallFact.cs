using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inbox;

/// <summary>One thing that was reported of a call, reduced to what the call depends on.</summary>
[Experimental("ICEXP001")]
public sealed record CallFact
{
    /// <summary>The key of the timer's own fact. No status of the gateway can be equal, since statuses are lower-cased here.</summary>
    internal const string OutcomeUnknownKey = "OutcomeUnknown";

    /// <summary>What makes a later report a repeat of this one: the normalised status, or the lower-cased text of an unknown one.</summary>
    public required string Key { get; init; }

    /// <summary>What it means.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The <c>from</c> of the notification.</summary>
    public ChatId? From { get; init; }

    /// <summary>Whether <see cref="From"/> is the instance itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFromSelf { get; init; }

    /// <summary>When it happened, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The fact that a notification reports.</summary>
    internal static CallFact FromNotification(IncomingCallNotification notification, DateTimeOffset receivedAt) => new()
    {
        Key = KeyOf(notification),
        Kind = KindOf(notification.Status),
        From = notification.From,
        IsFromSelf = notification.IsFromSelf,
        OccurredAt = notification.Timestamp ?? receivedAt,
    };

    /// <summary>The fact that no outcome came in time.</summary>
    internal static CallFact CreateOutcomeUnknown(DateTimeOffset now) => new()
    {
        Key = OutcomeUnknownKey,
        Kind = CallEventKind.OutcomeUnknown,
        OccurredAt = now,
    };

    internal static CallEventKind KindOf(CallStatus status) => status switch
    {
        CallStatus.Offer or CallStatus.Unspecified => CallEventKind.Offered,
        CallStatus.PickUp => CallEventKind.Answered,
        CallStatus.HungUp => CallEventKind.Dropped,
        CallStatus.Missed or CallStatus.Declined => CallEventKind.Missed,
        _ => CallEventKind.Unrecognized,
    };

    internal static string KeyOf(IncomingCallNotification notification) => notification.Status switch
    {
        CallStatus.Offer => "offer",
        CallStatus.Unspecified => "",
        CallStatus.PickUp => "pickup",
        CallStatus.HungUp => "hungup",
        CallStatus.Missed => "missed",
        CallStatus.Declined => "declined",
        _ => notification.RawStatus!.ToLowerInvariant(),
    };
}
