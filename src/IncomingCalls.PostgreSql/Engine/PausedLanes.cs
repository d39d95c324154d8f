using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// The pauses that the last look has found, so that a delivery that is held back costs no claim. They may be out of date: the claim decides by the table. Thread-safe.
/// </summary>
internal sealed class PausedLanes
{
    private volatile Dictionary<LaneGroup, PausedLane> _lanes = [];

    /// <summary>Replaces the pauses by those of a look.</summary>
    public void Replace(IEnumerable<PausedLane> lanes) => _lanes = lanes.ToDictionary(static lane => lane.Lane);

    /// <summary>Returns whether deliveries of a lane are held back or only probe the destination.</summary>
    public bool IsPaused(LaneGroup lane) => lane.Destination is not null && _lanes.ContainsKey(lane);

    /// <summary>Selects the deliveries that may start: of a destination whose probe is due, one.</summary>
    public IEnumerable<DueDelivery> SelectStartable(IEnumerable<DueDelivery> deliveries, DateTimeOffset now)
    {
        var lanes = _lanes;
        if (lanes.Count == 0)
        {
            return deliveries;
        }

        HashSet<LaneGroup> probed = [];
        return deliveries.Where(delivery => !lanes.TryGetValue(delivery.Lane, out var paused)
            || (paused.Until <= now && (!paused.IsUnavailable || (!paused.IsProbed && probed.Add(delivery.Lane)))));
    }
}
