using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Calls;

namespace IncomingCalls.Inbox.State;

/// <summary>
/// The lifecycle of deliveries: pending, and then done, retried or dead-lettered; a dead letter can be replayed. The functions are pure, and
/// applying one of them a second time changes nothing more; every inbox uses them.
/// </summary>
internal static class DeliveryLifecycle
{
    /// <summary>Adds the deliveries of a new event to a call.</summary>
    /// <param name="before">The current state; null for a new call.</param>
    /// <param name="transition">The result of the reducer, which is not a duplicate.</param>
    /// <param name="newEvent">The event with its deliveries; null when the call was only updated, or no handler gets the event.</param>
    /// <param name="outcomeDueAt">The new time of the outcome timeout; null for none.</param>
    /// <param name="receivedAt">When the fact was received.</param>
    public static StateTransition Add(CallState? before, CallTransition transition, PendingEvent? newEvent, DateTimeOffset? outcomeDueAt, DateTimeOffset receivedAt) => new()
    {
        State = new()
        {
            History = transition.History,
            OutcomeDueAt = outcomeDueAt,
            TouchedAt = receivedAt,
            UnknownMembers = before?.UnknownMembers,
            PendingEvents = newEvent is null ? before?.PendingEvents ?? [] : [.. before?.PendingEvents ?? [], newEvent],
        },
        // An event that is delivered only to notifiers, to withdraw an alert, has the outcome Tracked.
        Outcome = transition.Event?.Decision.Kind == CallDecisionKind.Handle ? IntakeOutcome.Stored : IntakeOutcome.Tracked,
        NewEvent = newEvent,
        EndedCall = transition.RaisesOutcome ? transition.Call : null,
    };

    /// <summary>
    /// Finds the deliveries that wait for the settle time of an unanswered call, and which an event with another outcome replaces. A delivery whose time has come may be running,
    /// so it remains.
    /// </summary>
    public static IReadOnlyList<DeliveryAttempt> FindSettling(CallState? before, DateTimeOffset now) =>
    [
        .. from pending in before?.PendingEvents ?? []
           from delivery in pending.Deliveries
           where delivery.WaitsFor == DeliveryWait.Settle && delivery.DueAt > now
           select new DeliveryAttempt { PendingEvent = pending, Delivery = delivery },
    ];

    /// <summary>Removes deliveries that another event replaces.</summary>
    [return: NotNullIfNotNull(nameof(before))]
    public static CallState? RemoveReplaced(CallState? before, IReadOnlyList<DeliveryAttempt> replaced) =>
        before is null ? null : replaced.Aggregate(before, Remove);

    /// <summary>Settles a delivery: records the result of an attempt.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="report">The result of the attempt.</param>
    /// <param name="retry">When the next attempt is due and what it waits for; null when there is none. Not used after a success.</param>
    /// <param name="now">The current time, in UTC.</param>
    public static StateTransition Settle(CallState before, AttemptReport report, RetryPlan? retry, DateTimeOffset now)
    {
        var attempt = report.Attempt;
        if (report.Outcome == AttemptOutcome.Succeeded)
        {
            return new() { State = Remove(before, attempt) };
        }

        if (!IsPending(before, attempt))
        {
            // Settled already, by a write whose response was lost: a failure must count once.
            return StateTransition.CreateUnchanged(before);
        }

        if (retry is not null)
        {
            return new()
            {
                State = Replace(before, attempt, delivery => delivery with
                {
                    Attempts = delivery.Attempts + 1,
                    DueAt = retry.DueAt,
                    WaitsFor = retry.WaitsFor,
                    LastError = report.Error,
                }),
            };
        }

        return attempt.Delivery.IsNotifier
            ? new() { State = Remove(before, attempt), ExpiredAlert = report.Outcome == AttemptOutcome.Failed ? attempt : null }
            : new() { State = Remove(before, attempt), DeadLetter = CreateDeadLetter(report, now), IsGivenUp = report.Outcome == AttemptOutcome.Failed };
    }

    /// <summary>Lets a delivery wait for its destination. The attempt does not count.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="report">The result of the attempt.</param>
    /// <param name="dueAt">When the delivery is due, unless the destination is paused then.</param>
    public static StateTransition Postpone(CallState before, AttemptReport report, DateTimeOffset dueAt) => !IsPending(before, report.Attempt)
        ? StateTransition.CreateUnchanged(before)
        : new()
        {
            State = Replace(before, report.Attempt, delivery => delivery with { Destination = report.Destination, DueAt = dueAt, WaitsFor = DeliveryWait.Destination, LastError = report.Error }),
        };

    /// <summary>Lets a delivery wait, without an attempt.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="attempt">The attempt that does not start.</param>
    /// <param name="dueAt">When the delivery is due again.</param>
    /// <param name="waitsFor">What it waits for.</param>
    public static StateTransition Postpone(CallState before, DeliveryAttempt attempt, DateTimeOffset dueAt, DeliveryWait waitsFor) => !IsPending(before, attempt)
        ? StateTransition.CreateUnchanged(before)
        : new() { State = Replace(before, attempt, delivery => delivery with { DueAt = dueAt, WaitsFor = waitsFor }) };

    /// <summary>Replays a dead letter: makes it a pending delivery again, in its original order.</summary>
    /// <param name="before">The current state; null when the call is no longer stored, so that it is restored from the event.</param>
    /// <param name="letter">The dead letter.</param>
    /// <param name="now">The current time, in UTC.</param>
    public static StateTransition Replay(CallState? before, DeadLetterEntry letter, DateTimeOffset now)
    {
        var state = before ?? Restore(letter.Event);
        var delivery = new Delivery { HandlerName = letter.Handler, DueAt = now, Destination = letter.Destination, RatePartition = letter.RatePartition };
        if (state.PendingEvents.FirstOrDefault(pending => pending.Event.Id == letter.Event.Id) is not { } existing)
        {
            var replayed = new PendingEvent { Event = letter.Event, Deliveries = [delivery] };
            var later = state.PendingEvents.SkipWhile(other => other.Event.ReceivedAt <= letter.Event.ReceivedAt);
            return new() { State = state with { PendingEvents = [.. state.PendingEvents.Except(later), replayed, .. later] } };
        }

        return existing.Deliveries.Any(other => other.HandlerName == delivery.HandlerName)
            ? StateTransition.CreateUnchanged(state)
            : new() { State = state with { PendingEvents = [.. state.PendingEvents.Select(pending => pending == existing ? pending with { Deliveries = [.. pending.Deliveries, delivery] } : pending)] } };
    }

    /// <summary>Makes the deliveries due that wait for a retry or for a redelivery, because the gateway has sent a notification of the call.</summary>
    public static CallState EndRetryWaits(CallState before, DateTimeOffset now) => before with
    {
        PendingEvents =
        [
            .. before.PendingEvents.Select(pending => pending with
            {
                Deliveries = [.. pending.Deliveries.Select(delivery => EndsWithRedelivery(delivery) && delivery.DueAt > now ? delivery with { DueAt = now } : delivery)],
            }),
        ],
    };

    /// <summary>Whether a delivery of a call waits for the call journal.</summary>
    public static bool WaitsForJournal(CallState call) =>
        call.PendingEvents.Any(static pending => pending.Deliveries.Any(static delivery => delivery.WaitsFor == DeliveryWait.Journal));

    /// <summary>Ends the wait of deliveries for the call journal. A delivery whose time has come may be running, so it remains.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="end">Returns a delivery that has waited as it is afterwards; null to remove it.</param>
    public static CallState EndJournalWaits(CallState before, DateTimeOffset now, Func<Delivery, Delivery?> end) => before with
    {
        PendingEvents =
        [
            .. before.PendingEvents
                .Select(pending => pending with { Deliveries = [.. pending.Deliveries.Select(delivery => delivery.WaitsFor == DeliveryWait.Journal && delivery.DueAt > now ? end(delivery) : delivery).OfType<Delivery>()] })
                .Where(static pending => pending.Deliveries.Count > 0),
        ],
    };

    /// <summary>Gives up the deliveries of an event, except those of notifiers, which end by themselves.</summary>
    public static CallState GiveUp(CallState before, string eventId) => before with
    {
        PendingEvents =
        [
            .. before.PendingEvents
                .Select(pending => pending.Event.Id != eventId ? pending : pending with { Deliveries = [.. pending.Deliveries.Where(delivery => delivery.IsNotifier)] })
                .Where(pending => pending.Deliveries.Count > 0),
        ],
    };

    private static bool EndsWithRedelivery(Delivery delivery) => delivery is { WaitsFor: DeliveryWait.Retry or DeliveryWait.Redelivery, IsNotifier: false };

    /// <summary>Creates the state of a call of which only one event is known.</summary>
    private static CallState Restore(StoredCallEvent stored)
    {
        var history = new CallHistory { Key = stored.Call, FirstReceivedAt = stored.ReceivedAt };
        var fact = stored.Notification is { } notification ? CallFact.FromNotification(notification, stored.ReceivedAt)
            : stored.JournalEntry is { } entry ? CallFact.FromJournal(entry)
            : stored.Callback is { } closed ? CallFact.CreateCallbackClosed(closed)
            : CallFact.CreateOutcomeUnknown(stored.OccurredAt);
        return new() { History = history.With(fact), TouchedAt = stored.ReceivedAt };
    }

    private static DeadLetterEntry CreateDeadLetter(AttemptReport report, DateTimeOffset now) => new()
    {
        Event = report.Attempt.PendingEvent.Event,
        Handler = report.Attempt.Delivery.HandlerName,
        Destination = report.Destination ?? report.Attempt.Delivery.Destination,
        RatePartition = report.Attempt.Delivery.RatePartition,
        Attempts = report.Attempt.Delivery.Attempts + (report.IsExpired ? 0 : 1),
        Error = report.Error ?? "",
        FailedAt = now,
    };

    private static bool IsPending(CallState call, DeliveryAttempt attempt) =>
        call.PendingEvents.Any(pending => pending.Event.Id == attempt.PendingEvent.Event.Id
            && pending.Deliveries.Any(delivery => delivery.HandlerName == attempt.Delivery.HandlerName && delivery.Attempts == attempt.Delivery.Attempts));

    private static CallState Remove(CallState call, DeliveryAttempt attempt) => Replace(call, attempt, static _ => null);

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

/// <summary>When a failed delivery is tried again.</summary>
internal sealed class RetryPlan
{
    /// <summary>When the next attempt is due, in UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What the delivery waits for until then.</summary>
    public DeliveryWait WaitsFor { get; init; } = DeliveryWait.Retry;
}
