namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The notifications whose acknowledgement waits for the handlers of their event. Used only in the callbacks of the store, or after it is closed.
/// </summary>
internal sealed class PendingAcknowledgements
{
    private readonly Dictionary<CallKey, List<PendingAcknowledgement>> _waiting = [];

    /// <summary>Adds a notification.</summary>
    public void Add(CallKey call, PendingAcknowledgement acknowledgement)
    {
        if (!_waiting.TryGetValue(call, out var waiting))
        {
            _waiting[call] = waiting = [];
        }

        waiting.Add(acknowledgement);
    }

    /// <summary>
    /// Completes the notifications of a call whose event is handled, and returns the events that cannot be handled before the deadline of a
    /// notification, because a delivery waits for longer than that, for example for the redelivery or for its destination.
    /// </summary>
    public IReadOnlyList<string> OnCommitted(CallState state, Func<LaneGroup, DateTimeOffset?> getHeldBackUntil)
    {
        if (!_waiting.TryGetValue(state.History.Key, out var waiting))
        {
            return [];
        }

        waiting.RemoveAll(acknowledgement => GetPendingHandlers(state, acknowledgement.EventId).Count == 0 && acknowledgement.Complete(AcknowledgementOutcome.Handled));
        RemoveIfEmpty(state.History.Key, waiting);
        return [.. waiting.Where(acknowledgement => IsBlocked(acknowledgement, state, getHeldBackUntil)).Select(static acknowledgement => acknowledgement.EventId).Distinct()];
    }

    /// <summary>Completes the notifications of an event without an acknowledgement: the gateway redelivers them.</summary>
    public void Fail(CallState state, string eventId)
    {
        if (_waiting.TryGetValue(state.History.Key, out var waiting))
        {
            var pending = GetPendingHandlers(state, eventId);
            waiting.RemoveAll(acknowledgement => acknowledgement.EventId == eventId && acknowledgement.Complete(AcknowledgementOutcome.Failed, pending));
            RemoveIfEmpty(state.History.Key, waiting);
        }
    }

    /// <summary>Completes the notifications of an event that was given up.</summary>
    public void GiveUp(CallKey call, string eventId)
    {
        if (_waiting.TryGetValue(call, out var waiting))
        {
            waiting.RemoveAll(acknowledgement => acknowledgement.EventId == eventId && acknowledgement.Complete(AcknowledgementOutcome.GivenUp));
            RemoveIfEmpty(call, waiting);
        }
    }

    /// <summary>Completes all notifications, because the inbox has stopped.</summary>
    public void FailAll()
    {
        foreach (var acknowledgement in _waiting.Values.SelectMany(static waiting => waiting))
        {
            acknowledgement.Complete(AcknowledgementOutcome.HostStopping);
        }

        _waiting.Clear();
    }

    /// <summary>Gets the names of the handlers with a pending delivery of an event, without notifiers, for which no acknowledgement waits.</summary>
    public static IReadOnlyList<string> GetPendingHandlers(CallState state, string eventId) => state.PendingEvents.FirstOrDefault(pending => pending.Event.Id == eventId) is { } pending
        ? [.. pending.Deliveries.Where(static delivery => !delivery.IsNotifier).Select(static delivery => delivery.HandlerName)]
        : [];

    private static bool IsBlocked(PendingAcknowledgement acknowledgement, CallState state, Func<LaneGroup, DateTimeOffset?> getHeldBackUntil)
    {
        var handlers = GetPendingHandlers(state, acknowledgement.EventId);
        return state.GetLanes().Any(lane => handlers.Contains(lane.HandlerName) && (lane.DueAt > acknowledgement.Deadline || getHeldBackUntil(lane.Group) > acknowledgement.Deadline));
    }

    private void RemoveIfEmpty(CallKey call, List<PendingAcknowledgement> waiting)
    {
        if (waiting.Count == 0)
        {
            _waiting.Remove(call);
        }
    }
}

/// <summary>A notification whose acknowledgement waits for the handlers of its event.</summary>
internal sealed class PendingAcknowledgement(string eventId, DateTimeOffset deadline)
{
    private readonly TaskCompletionSource<(AcknowledgementOutcome, IReadOnlyList<string>)> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string EventId => eventId;

    /// <summary>When the notification must be answered at the latest.</summary>
    public DateTimeOffset Deadline => deadline;

    /// <summary>Completes with the outcome, and the names of the handlers that have not succeeded.</summary>
    public Task<(AcknowledgementOutcome Outcome, IReadOnlyList<string> PendingHandlers)> Completion => _completion.Task;

    public bool Complete(AcknowledgementOutcome outcome, IReadOnlyList<string>? pendingHandlers = null)
    {
        _completion.TrySetResult((outcome, pendingHandlers ?? []));
        return true;
    }
}

/// <summary>The outcome of waiting for the handlers of an event.</summary>
internal enum AcknowledgementOutcome
{
    /// <summary>Every handler has succeeded or has rejected the event.</summary>
    Handled = 0,

    /// <summary>A handler has not succeeded, and the event is not retried.</summary>
    GivenUp,

    /// <summary>A handler has not succeeded before the deadline, or its next attempt would be after it.</summary>
    Failed,

    /// <summary>The host stopped before the handlers succeeded.</summary>
    HostStopping,
}
