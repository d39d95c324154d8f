using IncomingCalls.Calls;
using IncomingCalls.Handling;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The inbox without a store: handlers run before the acknowledgement, so that the gateway's queue, which retains notifications for 24 hours,
/// is the durable store.
/// </summary>
internal sealed class InMemoryInbox : ICallInbox, IDisposable
{
    private readonly ExpiringCache<CallKey, InMemoryCall> _calls;
    private readonly CallHandlerCatalog _catalog;
    private readonly InMemoryRunner _runner;
    private readonly OutcomeTimers _timers;
    private readonly InboxServices _services;
    private readonly LastKnownGoodOptions<IncomingCallsOptions> _options;
    private readonly CallMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _outcomeTimersTask = Task.CompletedTask;

    public InMemoryInbox(
        CallHandlerCatalog catalog,
        InMemoryRunner runner,
        OutcomeTimers timers,
        InboxServices services,
        LastKnownGoodOptions<IncomingCallsOptions> options,
        TimeProvider time,
        CallMetrics metrics,
        ILogger<InMemoryInbox> logger)
    {
        _calls = new(time, () => options.CurrentValue.InMemory.MaxCalls, call => call.IsFinished);
        _catalog = catalog;
        _runner = runner;
        _timers = timers;
        _services = services;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        timers.Due = ApplyOutcomeTimeoutAsync;
    }

    public bool IsDurable => false;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _outcomeTimersTask = _timers.RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _outcomeTimersTask.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _runner.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        var notification = received.Notification;
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        var call = _calls.GetOrRenew(key, static key => new(key), _options.CurrentValue.InMemory.DeduplicationWindow);
        var factKey = CallFact.KeyOf(notification);
        InMemoryDelivery? delivery;
        bool isFirst;
        lock (call.Gate)
        {
            // A delivery that was removed is done; the history identifies the notification as a duplicate.
            delivery = call.Find(factKey);
            isFirst = delivery is null;
            delivery ??= Add(call, factKey, CallTransitions.ApplyNotification(call.History, received));
            isFirst &= delivery is not null;
        }

        if (isFirst && notification.Status == CallStatus.Offer && call.Current.Outcome == CallOutcome.None)
        {
            _timers.Start(key);
        }

        if (delivery is null || (!isFirst && delivery.IsDone))
        {
            _logger.DuplicateNotification(key);
            return new() { Outcome = IntakeOutcome.Duplicate };
        }

        return await ResultAsync(call, delivery, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        // Only logged and counted: bytes in memory would be accessible to no one.
        _services.ReportCommitted(item);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<IntakeResult> ResultAsync(InMemoryCall call, InMemoryDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Event is not { } stored)
        {
            return new() { Outcome = IntakeOutcome.Tracked };
        }

        var outcome = await _runner.RunAsync(call, delivery, cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            InMemoryOutcome.Failed => throw new CallInboxUnavailableException(
                $"Handlers of event {stored.Id} did not succeed: {PendingNames(delivery)}. The gateway sends the notification again."),
            InMemoryOutcome.GivenUp => new() { Outcome = OutcomeOf(stored), Reason = "The event was given up because a handler did not succeed." },
            _ => new() { Outcome = OutcomeOf(stored) },
        };
    }

    /// <summary>Gets the outcome of a handled event. An event that is delivered only to notifiers, to withdraw an alert, has the outcome Tracked.</summary>
    private static IntakeOutcome OutcomeOf(StoredCallEvent stored) =>
        stored.Decision.Kind == CallDecisionKind.Handle ? IntakeOutcome.Stored : IntakeOutcome.Tracked;

    private static string PendingNames(InMemoryDelivery delivery) => string.Join(", ", delivery.Pending.Select(handler => handler.Name));

    private InMemoryDelivery? Add(InMemoryCall call, string factKey, CallTransition transition)
    {
        if (transition.IsDuplicate)
        {
            return null;
        }

        if (transition.RaisesOutcome)
        {
            _metrics.RecordOutcome(transition.Call);
        }

        var delivery = new InMemoryDelivery(factKey, transition.Event, transition.Event is { } stored ? _catalog.HandlersFor(stored) : []);
        call.Add(transition, delivery);
        return delivery;
    }

    /// <summary>Applies the outcome timeout to a call. There is no redelivery of a timeout, so the timer retries one that failed.</summary>
    private async Task<bool> ApplyOutcomeTimeoutAsync(CallKey key, CallDecision decision, DateTimeOffset now)
    {
        if (!_calls.TryGet(key, out var call))
        {
            return true;
        }

        InMemoryDelivery? delivery;
        lock (call.Gate)
        {
            delivery = call.Find(CallFact.OutcomeUnknownKey);
            if (delivery is null && call is { Current.Outcome: CallOutcome.None, History: { } history })
            {
                delivery = Add(call, CallFact.OutcomeUnknownKey, CallTransitions.ApplyOutcomeTimeout(history, decision, now));
            }
        }

        return delivery is null or { IsDone: true }
            || await _runner.RunAsync(call, delivery, CancellationToken.None).ConfigureAwait(false) != InMemoryOutcome.Failed;
    }
}
