namespace IncomingCalls.Inbox.Dispatch;

/// <summary>Whether a due delivery may start.</summary>
internal enum Admission
{
    /// <summary>It starts now.</summary>
    Start = 0,

    /// <summary>It starts now, as the probe of an unavailable destination.</summary>
    StartProbe,

    /// <summary>Its destination is paused, or it has no permit.</summary>
    Wait,

    /// <summary>It has waited for an unavailable destination for too long, and becomes a dead letter without an attempt.</summary>
    Expire,
}

/// <summary>
/// The pauses of destinations and the permits of rate limits in an inbox of one process. What they hold back takes no slot and is not loaded. Used only in the callbacks and changes of
/// the store, which do not run concurrently.
/// </summary>
/// <param name="transitions">Has the limits of the handlers.</param>
/// <param name="time">The clock.</param>
internal sealed class DestinationGates(CallTransitions transitions, TimeProvider time)
{
    /// <summary>How often the deliveries to a destination are loaded that has been unavailable for so long that some of them may have expired.</summary>
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<LaneGroup, PausedGroup> _paused = [];
    private readonly Dictionary<LaneGroup, DateTimeOffset> _permitAt = [];
    private readonly RatePermits _permits = new(time);

    /// <summary>Called with the time at which the next permit is free. Set once, before the first use.</summary>
    public Action<DateTimeOffset> PermitExpected { private get; set; } = null!;

    /// <summary>Finds the pause of a destination; null when there is none.</summary>
    public DestinationPause? Find(string handlerName, string? destination) =>
        destination is not null && _paused.TryGetValue(new(handlerName, destination), out var paused) ? paused.Pause : null;

    /// <summary>Gets until when a group is held back, as far as is known; null when it is not. While a probe runs, its end is not known.</summary>
    public DateTimeOffset? GetHeldBackUntil(LaneGroup group, DateTimeOffset now)
    {
        DateTimeOffset?[] times = [FindPermitAt(group), FindPermitAt(AllGroupsOf(group.HandlerName)), _paused.GetValueOrDefault(group)?.Pause.Until];
        return times.Max() is { } until && until > now ? until : null;
    }

    /// <summary>Returns whether due deliveries of a group may start now, so that they are worth loading.</summary>
    public bool MayLoad(LaneGroup group, DateTimeOffset now)
    {
        if (IsWithoutPermit(group, now) || IsWithoutPermit(AllGroupsOf(group.HandlerName), now))
        {
            return false;
        }

        if (!_paused.TryGetValue(group, out var paused))
        {
            return true;
        }

        if (paused.Pause.Until <= now)
        {
            return paused.Probe is null;
        }

        if (!paused.Pause.HasOutlasted(transitions.GetMaxPause(group.HandlerName), DateTimeOffset.MinValue, now) || paused.NextExpiry > now)
        {
            return false;
        }

        paused.NextExpiry = now + ExpiryInterval;
        return true;
    }

    /// <summary>Gets how many deliveries of a group may start now; at least 1.</summary>
    public int GetLimit(LaneGroup group, int limit) => _paused.ContainsKey(group) ? limit
        : transitions.GetRateLimit(group.HandlerName) is { } rate ? Math.Clamp(rate.Burst, 1, limit)
        : limit;

    /// <summary>Decides whether a due delivery starts. A permit is taken, and a probe begins.</summary>
    public Admission Admit(CallKey call, Lane lane, DateTimeOffset now)
    {
        if (lane.Next is not { } attempt || lane.IsNotifier)
        {
            return Admission.Start;
        }

        var paused = _paused.GetValueOrDefault(lane.Group);
        if (paused is not null && (paused.Pause.Until > now || paused.Probe is not null))
        {
            // While a probe is due or running, the destination may be available again.
            if (paused.Pause.Until <= now || paused.Probe is not null || !paused.Pause.HasOutlasted(transitions.GetMaxPause(lane.HandlerName), attempt.PendingEvent.Event.ReceivedAt, now))
            {
                return Admission.Wait;
            }

            paused.NextExpiry = now;
            return Admission.Expire;
        }

        if (transitions.GetRateLimit(lane.HandlerName) is { } limit
            && !_permits.TryTake(lane.HandlerName, attempt.Delivery.RatePartition ?? attempt.Delivery.Destination ?? "", limit, now, maxWait: TimeSpan.Zero, out var permitAt))
        {
            _permitAt[limit.Partition is null ? AllGroupsOf(lane.HandlerName) : lane.Group] = permitAt;
            PermitExpected(permitAt);
            return Admission.Wait;
        }

        if (paused is { Pause.IsUnavailable: true })
        {
            paused.Probe = call;
            return Admission.StartProbe;
        }

        return Admission.Start;
    }

    /// <summary>Records that the lane of a call has ended: it may have been the probe.</summary>
    public void OnLaneEnded(CallKey call, LaneGroup group)
    {
        if (_paused.TryGetValue(group, out var paused) && paused.Probe == call)
        {
            paused.Probe = null;
        }
    }

    /// <summary>Applies a committed change.</summary>
    public void Apply(DestinationPauseChange change) => Set(new(change.Handler, change.Destination), change.After);

    /// <summary>Replaces the pauses by those of the store, which an operator may have ended.</summary>
    public void Synchronize(IReadOnlyList<DestinationPause> pauses)
    {
        foreach (var group in _paused.Keys.Except(pauses.Select(static pause => new LaneGroup(pause.Handler, pause.Destination))).ToArray())
        {
            _paused.Remove(group);
        }

        foreach (var pause in pauses)
        {
            Set(new(pause.Handler, pause.Destination), pause);
        }
    }

    /// <summary>The key of a limit that has no partitions, and so holds for all groups of the handler.</summary>
    private static LaneGroup AllGroupsOf(string handlerName) => new(handlerName, "");

    private DateTimeOffset? FindPermitAt(LaneGroup group) => _permitAt.TryGetValue(group, out var permitAt) ? permitAt : null;

    private bool IsWithoutPermit(LaneGroup group, DateTimeOffset now) => _permitAt.TryGetValue(group, out var permitAt) && (permitAt > now || !_permitAt.Remove(group));

    private void Set(LaneGroup group, DestinationPause? pause)
    {
        if (pause is null)
        {
            _paused.Remove(group);
        }
        else if (_paused.TryGetValue(group, out var paused))
        {
            paused.Pause = pause;
        }
        else
        {
            _paused[group] = new() { Pause = pause };
        }
    }

    private sealed class PausedGroup
    {
        public required DestinationPause Pause { get; set; }

        /// <summary>The call whose delivery probes the destination; null when no probe is running.</summary>
        public CallKey? Probe { get; set; }

        /// <summary>When deliveries are loaded that may have expired.</summary>
        public DateTimeOffset NextExpiry { get; set; }
    }
}
