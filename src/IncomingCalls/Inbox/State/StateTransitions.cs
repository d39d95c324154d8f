using IncomingCalls.Calls;

namespace IncomingCalls.Inbox.State;

/// <summary>The transitions of <see cref="CallState"/>: pure functions that every durable inbox uses.</summary>
internal static class StateTransitions
{
    /// <summary>Applies the reducer's result for a new fact.</summary>
    /// <param name="before">The current state; null for a new call.</param>
    /// <param name="transition">The reducer's result, which is not a duplicate.</param>
    /// <param name="outcomeDueAt">The new time of the outcome timeout; null for none.</param>
    /// <param name="receivedAt">When the fact was received.</param>
    /// <param name="newEvent">The event with its deliveries; null when the call was only updated.</param>
    public static StateTransition Add(CallState? before, CallTransition transition, DateTimeOffset? outcomeDueAt, DateTimeOffset receivedAt, PendingEvent? newEvent) => new()
    {
        State = new()
        {
            History = transition.History,
            OutcomeDueAt = outcomeDueAt,
            TouchedAt = receivedAt,
            PendingEvents = newEvent is null ? before?.PendingEvents ?? [] : [.. before?.PendingEvents ?? [], newEvent],
        },
        // An event that is delivered only to notifiers, to withdraw an alert, has the outcome Tracked.
        Outcome = transition.Event?.Decision.Kind == CallDecisionKind.Handle ? IntakeOutcome.Stored : IntakeOutcome.Tracked,
        EndedCall = transition.RaisesOutcome ? transition.Call : null,
    };

    /// <summary>Returns whether the result of an attempt is not settled yet.</summary>
    public static bool IsPending(CallState call, DeliveryAttempt attempt) =>
        call.PendingEvents.Any(pending => pending.Event.Id == attempt.PendingEvent.Event.Id
            && pending.Deliveries.Any(delivery => delivery.HandlerName == attempt.Delivery.HandlerName && delivery.Attempts == attempt.Delivery.Attempts));

    /// <summary>Records a failed attempt and schedules the next one.</summary>
    public static StateTransition Retry(CallState before, AttemptReport report, DateTimeOffset dueAt) =>
        new() { State = Replace(before, report.Attempt, delivery => delivery with { Attempts = delivery.Attempts + 1, DueAt = dueAt, LastError = report.Error }) };

    /// <summary>Removes a delivery that succeeded, became a dead letter, or whose alert has expired.</summary>
    public static StateTransition Settle(CallState before, DeliveryAttempt attempt, DeadLetterEntry? deadLetter = null) =>
        new() { State = Replace(before, attempt, static _ => null), DeadLetter = deadLetter };

    /// <summary>Makes a dead letter a pending delivery again, in its original order. Idempotent.</summary>
    public static StateTransition Replay(CallState before, DeadLetterEntry letter, DateTimeOffset now)
    {
        var delivery = new Delivery { HandlerName = letter.Handler, DueAt = now };
        if (before.PendingEvents.FirstOrDefault(pending => pending.Event.Id == letter.Event.Id) is not { } existing)
        {
            var replayed = new PendingEvent { Event = letter.Event, Deliveries = [delivery] };
            var later = before.PendingEvents.SkipWhile(other => other.Event.ReceivedAt <= letter.Event.ReceivedAt);
            return new() { State = before with { PendingEvents = [.. before.PendingEvents.Except(later), replayed, .. later] } };
        }

        return existing.Deliveries.Any(other => other.HandlerName == delivery.HandlerName)
            ? new() { State = before, IsChange = false }
            : new() { State = before with { PendingEvents = [.. before.PendingEvents.Select(pending => pending == existing ? pending with { Deliveries = [.. pending.Deliveries, delivery] } : pending)] } };
    }

    /// <summary>Creates the state of a call of which only one event is known.</summary>
    public static CallState Restore(StoredCallEvent stored)
    {
        var fact = stored.Notification is { } notification ? CallFact.FromNotification(notification, stored.ReceivedAt) : CallFact.CreateOutcomeUnknown(stored.OccurredAt);
        return new() { History = CallReducer.Reduce(null, stored.Call, fact).History, TouchedAt = stored.ReceivedAt };
    }

    private static CallState Replace(CallState call, DeliveryAttempt attempt, Func<Delivery, Delivery?> change)
    {
        List<PendingEvent> pendingEvents = [];
        foreach (var pending in call.PendingEvents)
        {
            var deliveries = pending.Event.Id != attempt.PendingEvent.Event.Id
                ? pending.Deliveries
                : [.. pending.Deliveries.Select(delivery => delivery.HandlerName == attempt.Delivery.HandlerName ? change(delivery) : delivery).OfType<Delivery>()];
            if (deliveries.Count > 0)
            {
                pendingEvents.Add(pending with { Deliveries = deliveries });
            }
        }

        return call with { PendingEvents = pendingEvents };
    }
}
