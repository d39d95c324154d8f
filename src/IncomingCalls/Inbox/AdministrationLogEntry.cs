using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>An action of an operator, as the administration log records it: who replayed or purged what, or ended a pause, and when.</summary>
public sealed class AdministrationLogEntry
{
    /// <summary>The id of the entry. A later entry has a higher one.</summary>
    public required long Id { get; init; }

    /// <summary>When the action was taken, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The action.</summary>
    [JsonConverter(typeof(TolerantEnumConverter<AdministrationAction>))]
    public required AdministrationAction Action { get; init; }

    /// <summary>Which items the action was for. The text in it may contain a phone number, if the operator has typed one, so do not log it.</summary>
    public required InboxFilter Filter { get; init; }

    /// <summary>The number of items that were replayed or purged, or of the pauses that were ended, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>Who took the action, as the caller of <see cref="ICallInboxAdministration"/> has named it; null if it has not.</summary>
    public string? PerformedBy { get; init; }
}

/// <summary>An action of an operator.</summary>
public enum AdministrationAction
{
    /// <summary>An action that this version does not know.</summary>
    Unrecognized = 0,

    /// <summary>The replay of dead letters was requested.</summary>
    ReplayDeadLetters,

    /// <summary>Dead letters were deleted.</summary>
    PurgeDeadLetters,

    /// <summary>The replay of quarantined notifications was requested.</summary>
    ReplayQuarantine,

    /// <summary>Quarantined notifications were deleted.</summary>
    PurgeQuarantine,

    /// <summary>Pauses of destinations were ended.</summary>
    EndPauses,
}
