using System.Collections.Immutable;
using System.Text.Json;

namespace IncomingCalls.Orleans.State;

/// <summary>The stored pauses of the cluster. They are few, so they are written as a whole.</summary>
internal sealed record DestinationsState
{
    public ImmutableList<DestinationPause> Pauses { get; init; } = [];

    /// <summary>The actions of operators, oldest first, as the core's JSON of <see cref="AdministrationLogEntry"/>; null when there are none.</summary>
    public ImmutableList<JsonElement>? Log { get; init; }

    /// <summary>Finds the pause of a destination; null when there is none that has not ended.</summary>
    public DestinationPause? Find(string handler, string destination, DateTimeOffset now) =>
        Pauses.Find(pause => pause.Destination == destination && pause.Handler == handler) is { } pause && IsInForce(pause, now) ? pause : null;

    /// <summary>Returns the state with another pause of a destination, and without the delays that have ended.</summary>
    public DestinationsState With(string handler, string destination, DestinationPause? pause, DateTimeOffset now)
    {
        var others = Pauses.RemoveAll(other => (other.Destination == destination && other.Handler == handler) || !IsInForce(other, now));
        return this with { Pauses = pause is null ? others : others.Add(pause) };
    }

    public static bool IsInForce(DestinationPause pause, DateTimeOffset now) => pause.IsUnavailable || pause.Until > now;

    /// <summary>
    /// Gets the bit of a destination in the sets of destinations of <see cref="WakeUpEntry"/>. Destinations that share a bit cost unnecessary wake-ups.
    /// </summary>
    public static ulong GetBit(string handler, string destination) => 1UL << (int)(StableHash.ComputeHash($"{destination}\n{handler}") % 64);
}
