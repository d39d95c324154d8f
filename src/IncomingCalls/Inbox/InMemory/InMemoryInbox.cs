using IncomingCalls.Calls;
using IncomingCalls.Handling;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The inbox without a store: handlers run before the acknowledgement, and the gateway's own queue of 24 hours is what nothing
/// gets lost from.
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
            // One that is no longer there is done, and the history knows it for a repeat.
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
        // The log line is all of it: in memory nobody could read the bytes.
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
                $"Event {stored.Id} is not handled yet: {Names(delivery)} did not succeed. The gateway sends it again."),
            InMemoryOutcome.GivenUp => new() { Outcome = OutcomeOf(stored), Reason = "Given up: a handler never succeeded." },
            _ => new() { Outcome = OutcomeOf(stored) },
        };
    }

    /// <summary>An outcome that nobody hears of but the notifier that takes an alert away is tracked, not stored.</summary>
    private static IntakeOutcome OutcomeOf(StoredCallEvent stored) =>
        stored.Decision.Kind == CallDecisionKind.Handle ? IntakeOutcome.Stored : IntakeOutcome.Tracked;

    private static string Names(InMemoryDelivery delivery) => string.Join(", ", delivery.Pending.Select(handler => handler.Name));

    private InMemoryDelivery? Add(InMemoryCall call, string factKey, CallTransition step)
    {
        if (step.IsDuplicate)
        {
            return null;
        }

        if (step.RaisesOutcome)
        {
            _metrics.RecordOutcome(step.Call);
        }

        var delivery = new InMemoryDelivery(factKey, step.Event, step.Event is { } stored ? _catalog.HandlersFor(stored) : []);
        call.Add(step, delivery);
        return delivery;
    }

    /// <summary>The timer of an offer went off. No gateway repeats this for us, so a failed one is tried again by the timer.</summary>
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
