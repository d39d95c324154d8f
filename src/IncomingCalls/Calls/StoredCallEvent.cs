using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inbox;

/// <summary>What an inbox keeps of an event. Everything else a handler sees is read when an attempt starts.</summary>
[Experimental("ICEXP001")]
public sealed class StoredCallEvent
{
    /// <summary>See <see cref="CallEvent.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The call it belongs to.</summary>
    public required CallKey Call { get; init; }

    /// <summary>What happened.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The outcome that it raised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>The notification; null only for <see cref="CallEventKind.OutcomeUnknown"/>.</summary>
    public IncomingCallNotification? Notification { get; init; }

    /// <summary>What the policy decided. An outcome that is only tracked is stored too when it ends an alert.</summary>
    public required CallDecision Decision { get; init; }

    /// <summary>Whether it raises an alert, or ends the call of one.</summary>
    public bool ConcernsAlert { get; init; }

    /// <summary>When it happened, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
