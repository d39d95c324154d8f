using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls.Inbox;

/// <summary>The part of a <see cref="CallEvent"/> that an inbox stores. The rest is added when an attempt starts.</summary>
[Experimental("ICEXP001")]
public sealed class StoredCallEvent
{
    /// <summary>The id of the event, see <see cref="CallEvent.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The key of the call that the event belongs to.</summary>
    public required CallKey Call { get; init; }

    /// <summary>The kind of event.</summary>
    [JsonConverter(typeof(TolerantEnumConverter<CallEventKind>))]
    public required CallEventKind Kind { get; init; }

    /// <summary>The direction of the call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(TolerantEnumConverter<CallDirection>))]
    public CallDirection Direction { get; init; }

    /// <summary>The outcome before the event, see <see cref="CallEvent.PreviousOutcome"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(TolerantEnumConverter<CallOutcome>))]
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>The notification; null for <see cref="CallEventKind.OutcomeUnknown"/> and <see cref="CallEventKind.CallbackClosed"/>, and for what the call journal has reported.</summary>
    public IncomingCallNotification? Notification { get; init; }

    /// <summary>The entry of the call journal that caused the event; null when it was not the journal.</summary>
    public CallJournalEntry? JournalEntry { get; init; }

    /// <summary>The callback that has ended; null unless the event is <see cref="CallEventKind.CallbackClosed"/>.</summary>
    public ClosedCallback? Callback { get; init; }

    /// <summary>The decision of the policy. An outcome that is only tracked is stored too if it ends an alert.</summary>
    public required CallDecision Decision { get; init; }

    /// <summary>Whether the event raises an operator alert, or is the outcome that ends one.</summary>
    public bool ConcernsAlert { get; init; }

    /// <summary>When the event happened, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the notification was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The JSON that the event was read from, which is written again; null when this process has created the event.</summary>
    [JsonIgnore]
    internal byte[]? OriginalJson { get; set; }
}
