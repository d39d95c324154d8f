using IncomingCalls.Callers;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;

namespace IncomingCalls.Handling;

/// <summary>Creates the events that handlers receive from the stored ones.</summary>
internal sealed class CallEventFactory(CallerNameService names, ICallInstances instances, LastKnownGoodOptions<IncomingCallsOptions> options)
{
    /// <summary>Creates an event.</summary>
    /// <param name="stored">The stored part of the event.</param>
    /// <param name="call">The current state of the call.</param>
    /// <param name="previousOutcome">The outcome that the handler knows of.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    /// <param name="now">The current time, in UTC.</param>
    public CallEvent Create(StoredCallEvent stored, Call call, CallOutcome previousOutcome, int attempt, DateTimeOffset now)
    {
        var caller = names.WithKnownDetails(call.Key.IdInstance, call.Caller);
        return new()
        {
            Id = stored.Id,
            Kind = stored.Kind,
            PreviousOutcome = previousOutcome,
            Notification = stored.Notification,
            Callback = stored.Callback,
            Call = ReferenceEquals(caller, call.Caller) ? call : call with { Caller = caller },
            Caller = caller,
            Person = stored.Callback?.Person ?? Person.Of(caller.ChatId, call.Key.IdInstance, instances.Find(call.Key.IdInstance)?.Account),
            Decision = stored.Decision,
            IsLive = IsLive(stored, call, now),
            Attempt = attempt,
            OccurredAt = stored.OccurredAt,
            ReceivedAt = stored.ReceivedAt,
        };
    }

    private bool IsLive(StoredCallEvent stored, Call call, DateTimeOffset now) =>
        stored.Kind == CallEventKind.Offered
        && call.Outcome == CallOutcome.None
        // The age by the gateway's timestamp, or by the time of receipt if the timestamp is later than that.
        && now - (stored.OccurredAt < stored.ReceivedAt ? stored.OccurredAt : stored.ReceivedAt) <= options.CurrentValue.AlertWindow;
}
