using IncomingCalls.Calls;

namespace IncomingCalls.Inbox.State;

/// <summary>What becomes of a kept call when something happens: pure functions, the same for every durable inbox.</summary>
internal static class StateTransitions
{
    /// <summary>Adds what the reducer made of a fact.</summary>
    /// <param name="before">The call so far; null for a new one.</param>
    /// <param name="step">The reducer's result, no repeat.</param>
    /// <param name="outcomeDueAt">When the outcome is due from now on.</param>
    /// <param name="receivedAt">When the fact was received.</param>
    /// <param name="owed">What is owed to whom; null when the call was only updated.</param>
    public static StateTransition Add(CallState? before, CallTransition step, DateTimeOffset? outcomeDueAt, DateTimeOffset receivedAt, PendingEvent? owed) => new()
    {
        State = new()
        {
            History = step.History,
            OutcomeDueAt = outcomeDueAt,
            TouchedAt = receivedAt,
            PendingEvents = owed is null ? before?.PendingEvents ?? [] : [.. before?.PendingEvents ?? [], owed],
        },
        // An event that nobody hears of but the notifier that takes an alert away is tracked.
        Outcome = step.Event?.Decision.Kind == CallDecisionKind.Handle ? IntakeOutcome.Stored : IntakeOutcome.Tracked,
        EndedCall = step.RaisesOutcome ? step.Call : null,
    };

    /// <summary>Whether an attempt is still to be marked.</summary>
    public static bool IsPending(CallState call, DeliveryAttempt run) =>
        call.PendingEvents.Any(owed => owed.Event.Id == run.PendingEvent.Event.Id && owed.Deliveries.Any(handler => handler.HandlerName == run.Delivery.HandlerName && handler.Attempts == run.Delivery.Attempts));

    /// <summary>An attempt ended, and there will be another.</summary>
    public static StateTransition Retry(CallState before, AttemptReport report, DateTimeOffset dueAt) =>
        new() { State = Replace(before, report.Attempt, handler => handler with { Attempts = handler.Attempts + 1, DueAt = dueAt, LastError = report.Error }) };

    /// <summary>A handler is owed an event no longer: it succeeded, or gave up.</summary>
    public static StateTransition Settle(CallState before, DeliveryAttempt run, DeadLetterEntry? deadLetter = null) =>
        new() { State = Replace(before, run, static _ => null), DeadLetter = deadLetter };

    /// <summary>Owes a dead letter to its handler again, in its old place. Twice is as good as once.</summary>
    public static StateTransition Replay(CallState before, DeadLetterEntry letter, DateTimeOffset now)
    {
        var handler = new Delivery { HandlerName = letter.Handler, DueAt = now };
        if (before.PendingEvents.FirstOrDefault(owed => owed.Event.Id == letter.Event.Id) is not { } present)
        {
            var owed = new PendingEvent { Event = letter.Event, Deliveries = [handler] };
            var later = before.PendingEvents.SkipWhile(other => other.Event.ReceivedAt <= letter.Event.ReceivedAt);
            return new() { State = before with { PendingEvents = [.. before.PendingEvents.Except(later), owed, .. later] } };
        }

        return present.Deliveries.Any(other => other.HandlerName == handler.HandlerName)
            ? new() { State = before, IsChange = false }
            : new() { State = before with { PendingEvents = [.. before.PendingEvents.Select(owed => owed == present ? owed with { Deliveries = [.. owed.Deliveries, handler] } : owed)] } };
    }

    /// <summary>A call of which nothing is left but an event.</summary>
    public static CallState Restore(StoredCallEvent stored)
    {
        var fact = stored.Notification is { } notification ? CallFact.FromNotification(notification, stored.ReceivedAt) : CallFact.CreateOutcomeUnknown(stored.OccurredAt);
        return new() { History = CallReducer.Reduce(null, stored.Call, fact).History, TouchedAt = stored.ReceivedAt };
    }

    private static CallState Replace(CallState call, DeliveryAttempt run, Func<Delivery, Delivery?> change)
    {
        List<PendingEvent> owed = [];
        foreach (var owedEvent in call.PendingEvents)
        {
            var handlers = owedEvent.Event.Id != run.PendingEvent.Event.Id
                ? owedEvent.Deliveries
                : [.. owedEvent.Deliveries.Select(handler => handler.HandlerName == run.Delivery.HandlerName ? change(handler) : handler).OfType<Delivery>()];
            if (handlers.Count > 0)
            {
                owed.Add(owedEvent with { Deliveries = handlers });
            }
        }

        return call with { PendingEvents = owed };
    }
}
