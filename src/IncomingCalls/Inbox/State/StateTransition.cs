using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inbox;

/// <summary>The result of applying an input to a <see cref="CallState"/>: what an inbox writes, and what it reports once that is committed.</summary>
[Experimental("ICEXP001")]
public sealed record StateTransition
{
    /// <summary>The new state of the call.</summary>
    public required CallState State { get; init; }

    /// <summary>Whether the state has changed and must be written. False for a duplicate, for example.</summary>
    /// <value>Default: true.</value>
    public bool IsChange { get; init; } = true;

    /// <summary>The outcome to return to the transport, if the input was a notification.</summary>
    public IntakeOutcome Outcome { get; init; }

    /// <summary>The dead letter to write in the same transaction; null for none.</summary>
    public DeadLetterEntry? DeadLetter { get; init; }

    /// <summary>Whether <see cref="DeadLetter"/> is a delivery whose last attempt failed, and not one that the handler rejected.</summary>
    internal bool IsGivenUp { get; init; }

    /// <summary>The change of the pause of a destination, to be written in the same transaction; null for none.</summary>
    public DestinationPauseChange? PauseChange { get; init; }

    /// <summary>The event that the transition has added with its deliveries; null for none.</summary>
    public PendingEvent? NewEvent { get; init; }

    /// <summary>What the transition means for persons, to be applied with <see cref="CallTransitions.ApplyContact"/> in the same transaction: at most two, of different persons.</summary>
    public IReadOnlyList<PersonContact> Contacts { get; init; } = [];

    /// <summary>The delivery of an alert that expired before its notifier succeeded; null for none.</summary>
    internal DeliveryAttempt? ExpiredAlert { get; init; }

    /// <summary>The call, if the transition has set its outcome or raised it to a higher rank; null otherwise.</summary>
    internal Call? EndedCall { get; init; }

    /// <summary>Whether the call journal has named the caller, so that the name can be looked up.</summary>
    internal bool HasNamedCaller { get; init; }

    /// <summary>Creates the result of an input that changes nothing.</summary>
    internal static StateTransition CreateUnchanged(CallState state, IntakeOutcome outcome = default) => new() { State = state, IsChange = false, Outcome = outcome };
}

/// <summary>A pause of a destination that has begun, has changed or has ended.</summary>
[Experimental("ICEXP001")]
public sealed record DestinationPauseChange
{
    /// <summary>The name of the handler.</summary>
    public required string Handler { get; init; }

    /// <summary>The destination.</summary>
    public required string Destination { get; init; }

    /// <summary>The pause before; null when there was none.</summary>
    public DestinationPause? Before { get; init; }

    /// <summary>The pause from now on; null when it has ended.</summary>
    public DestinationPause? After { get; init; }
}

/// <summary>A dead letter as an inbox stores it.</summary>
[Experimental("ICEXP001")]
public sealed record DeadLetterEntry
{
    /// <summary>The event.</summary>
    public required StoredCallEvent Event { get; init; }

    /// <summary>The account of the instance, see <see cref="CallTransitions.WithAccount"/>; null when it has none, or is not known.</summary>
    public string? Account { get; init; }

    /// <summary>The name of the handler.</summary>
    public required string Handler { get; init; }

    /// <summary>The destination of the delivery; null when it was not known. A replay waits for it if it is paused.</summary>
    public string? Destination { get; init; }

    /// <summary>The partition of the rate limit, see <see cref="Delivery.RatePartition"/>.</summary>
    public string? RatePartition { get; init; }

    /// <summary>The number of failed attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>The type and message of the last error, with numbers masked.</summary>
    public required string Error { get; init; }

    /// <summary>When the last attempt failed, in UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>Members that a later version has written; null when there are none. They are written again.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }
}
