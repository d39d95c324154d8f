using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inbox;

/// <summary>A call notification that the intake passes to the inbox.</summary>
[Experimental("ICEXP001")]
public sealed class ReceivedCallNotification
{
    /// <summary>The notification.</summary>
    public required IncomingCallNotification Notification { get; init; }

    /// <summary>The decision of the policy: track or handle. Discarded notifications are not passed to the inbox.</summary>
    public required CallDecision Decision { get; init; }

    /// <summary>
    /// The entry of the call journal, if the journal and not a notification reports the call; null otherwise. <see cref="Notification"/> then only names the call.
    /// </summary>
    public CallJournalEntry? JournalEntry { get; init; }

    /// <summary>Whether <see cref="JournalEntry"/> creates its call if no notification has announced it. Otherwise the entry of an unknown call changes nothing, and is <see cref="IntakeOutcome.Discarded"/>.</summary>
    public bool CreatesCall { get; init; }

    /// <summary>When the notification was received, or the entry was found, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>
    /// Whether <see cref="IncomingCallNotification.From"/> is the instance itself by an id that the notification does not contain, such as its
    /// linked id. Beside it, <see cref="IncomingCallNotification.IsFromSelf"/> compares with the number that the notification contains.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFromOwnId { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the receipt; null when tracing is off.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the receipt; null when there is none.</summary>
    public string? TraceState { get; init; }
}
