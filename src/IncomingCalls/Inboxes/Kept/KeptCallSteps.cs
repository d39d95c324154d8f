namespace IncomingCalls.Inboxes;

/// <summary>What becomes of a kept call when something happens: pure functions, the same for every durable inbox.</summary>
internal static class KeptCallSteps
{
    /// <summary>Adds what the reducer made of a fact.</summary>
    /// <param name="before">The call so far; null for a new one.</param>
    /// <param name="step">The reducer's result, no repeat.</param>
    /// <param name="outcomeDueAt">When the outcome is due from now on.</param>
    /// <param name="receivedAt">When the fact was received.</param>
    /// <param name="owed">What is owed to whom; null when the call was only updated.</param>
    public static KeptCallStep Add(KeptCall? before, CallStep step, DateTimeOffset? outcomeDueAt, DateTimeOffset receivedAt, OwedEvent? owed) => new()
    {
        Call = new()
        {
            History = step.History,
            OutcomeDueAt = outcomeDueAt,
            TouchedAt = receivedAt,
            Owed = owed is null ? before?.Owed ?? [] : [.. before?.Owed ?? [], owed],
        },
        // An event that nobody hears of but the notifier that takes an alert away is tracked.
        Outcome = step.Event?.Decision.Kind == CallDecisionKind.Handle ? IntakeOutcome.Stored : IntakeOutcome.Tracked,
        Ended = step.ReachesOutcome ? step.Call : null,
    };

    /// <summary>Whether an attempt is still to be marked.</summary>
    public static bool IsOwed(KeptCall call, HandlerRun run) =>
        call.Owed.Any(owed => owed.Event.Id == run.Owed.Event.Id && owed.Handlers.Any(handler => handler.Name == run.Handler.Name && handler.Attempts == run.Handler.Attempts));

    /// <summary>An attempt ended, and there will be another.</summary>
    public static KeptCallStep Retry(KeptCall before, HandlerReport report, DateTimeOffset dueAt) =>
        new() { Call = Replace(before, report.Run, handler => handler with { Attempts = handler.Attempts + 1, DueAt = dueAt, LastError = report.Error }) };

    /// <summary>A handler is owed an event no longer: it succeeded, or gave up.</summary>
    public static KeptCallStep Settle(KeptCall before, HandlerRun run, DeadEvent? deadLetter = null) =>
        new() { Call = Replace(before, run, static _ => null), DeadLetter = deadLetter };

    /// <summary>Owes a dead letter to its handler again, in its old place. Twice is as good as once.</summary>
    public static KeptCallStep Replay(KeptCall before, DeadEvent letter, DateTimeOffset now)
    {
        var handler = new OwedHandler { Name = letter.Handler, DueAt = now };
        if (before.Owed.FirstOrDefault(owed => owed.Event.Id == letter.Event.Id) is not { } present)
        {
            var owed = new OwedEvent { Event = letter.Event, Handlers = [handler] };
            var later = before.Owed.SkipWhile(other => other.Event.ReceivedAt <= letter.Event.ReceivedAt);
            return new() { Call = before with { Owed = [.. before.Owed.Except(later), owed, .. later] } };
        }

        return present.Handlers.Any(other => other.Name == handler.Name)
            ? new() { Call = before, IsChange = false }
            : new() { Call = before with { Owed = [.. before.Owed.Select(owed => owed == present ? owed with { Handlers = [.. owed.Handlers, handler] } : owed)] } };
    }

    /// <summary>A call of which nothing is left but an event.</summary>
    public static KeptCall Recall(StoredCallEvent stored)
    {
        var fact = stored.Notification is { } notification ? CallFact.Of(notification, stored.ReceivedAt) : CallFact.NoOutcome(stored.OccurredAt);
        return new() { History = CallReducer.Reduce(null, stored.Call, fact).History, TouchedAt = stored.ReceivedAt };
    }

    private static KeptCall Replace(KeptCall call, HandlerRun run, Func<OwedHandler, OwedHandler?> change)
    {
        List<OwedEvent> owed = [];
        foreach (var owedEvent in call.Owed)
        {
            var handlers = owedEvent.Event.Id != run.Owed.Event.Id
                ? owedEvent.Handlers
                : [.. owedEvent.Handlers.Select(handler => handler.Name == run.Handler.Name ? change(handler) : handler).OfType<OwedHandler>()];
            if (handlers.Count > 0)
            {
                owed.Add(owedEvent with { Handlers = handlers });
            }
        }

        return call with { Owed = owed };
    }
}
