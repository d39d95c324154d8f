using IncomingCalls.Infrastructure;
using IncomingCalls.Inbox.State;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The inbox without a store: it runs the handlers before the acknowledgement, so that the gateway's queue, which retains notifications for 24
/// hours, is the durable store. The engine is that of the other inboxes of one process.
/// </summary>
internal sealed class InMemoryInbox : ICallInbox, IDisposable
{
    /// <summary>How often due work is looked for: the first retry of a failed attempt is after 200 ms.</summary>
    private static readonly TimeSpan DueQueryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Longer than the gateway redelivers.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromHours(25);

    private readonly InMemoryCallStore _store;
    private readonly DueWorkLoop _loop;
    private readonly CallTransitions _transitions;
    private readonly PendingAcknowledgements _acknowledgements = new();
    private readonly ExpiringCache<string, DeliveryFailureTracker> _failures;
    private readonly LastKnownGoodOptions<IncomingCallsOptions> _options;
    private readonly TimeProvider _time;
    private readonly CallMetrics _metrics;
    private readonly ILogger _logger;
    private volatile bool _isStopping;

    public InMemoryInbox(
        CallTransitions transitions,
        AttemptRunner runner,
        LastKnownGoodOptions<IncomingCallsOptions> options,
        TimeProvider time,
        CallMetrics metrics,
        ILogger<InMemoryInbox> logger)
    {
        _transitions = transitions;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = new NonThrowingLogger(logger);
        _failures = new(time, () => options.CurrentValue.InMemory.MaxCalls);
        _store = new(transitions, options, time, _logger) { Committed = OnCommitted };
        _loop = new(_store, transitions, runner, time);
    }

    public bool IsDurable => false;

    /// <summary>The calls and persons.</summary>
    internal InMemoryCallStore Store => _store;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop.Start(DueQueryInterval);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await _loop.StopAsync(cancellationToken).ConfigureAwait(false);
        _store.Close();
        _acknowledgements.FailAll();
    }

    public void Dispose() => _loop.Dispose();

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        var timeout = _options.CurrentValue.AcknowledgementTimeout;
        var change = new AcceptChange(this, received, _time.GetUtcNow() + timeout);
        DueWorkLoop.ThrowIfRefused(!_isStopping && _store.Post(change));
        var outcome = await change.Accepted.ConfigureAwait(false);
        return change.Acknowledgement is { } acknowledgement
            ? await WaitForHandlersAsync(change.Key, acknowledgement, outcome, timeout, cancellationToken).ConfigureAwait(false)
            : new() { Outcome = outcome };
    }

    public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        // Only logged and counted: bytes in memory would be accessible to no one.
        _transitions.ReportCommitted(item);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken) => new(!_store.HasActiveDelivery(group => _loop.GetHeldBackUntil(group) is not null));

    /// <summary>Waits until no attempt is running and no work is due. Deliveries may still wait for the caller's name.</summary>
    /// <exception cref="InvalidOperationException">The inbox is stopping, so that what is due does not start.</exception>
    internal Task WaitUntilNothingIsDueAsync() => _loop.WaitUntilNothingIsDueAsync();

    private async Task<IntakeResult> WaitForHandlersAsync(
        CallKey call, PendingAcknowledgement acknowledgement, IntakeOutcome outcome, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var completion = acknowledgement.Completion;
        try
        {
            await completion.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _store.Post(new TimeoutChange(this, call, acknowledgement));
        }

        var (result, pending) = await completion.ConfigureAwait(false);
        return result switch
        {
            AcknowledgementOutcome.Handled => new() { Outcome = outcome },
            AcknowledgementOutcome.GivenUp => new() { Outcome = outcome, Reason = "The event was given up because a handler did not succeed." },
            AcknowledgementOutcome.Failed => throw new CallInboxUnavailableException(
                $"Handlers of event {acknowledgement.EventId} did not succeed: {string.Join(", ", pending)}. The gateway sends the notification again."),
            _ => throw new CallInboxUnavailableException($"The host stopped before the handlers of event {acknowledgement.EventId} succeeded. The gateway sends the notification again."),
        };
    }

    private void OnCommitted(IReadOnlyCollection<CallState> changed)
    {
        _loop.OnCommitted(changed);
        foreach (var state in changed)
        {
            foreach (var eventId in _acknowledgements.OnCommitted(state, _loop.GetHeldBackUntil))
            {
                OnFailed(state, eventId);
            }
        }
    }

    /// <summary>Records that a transmission of a notification was not handled, and gives up an event that has failed too often.</summary>
    private void OnFailed(CallState state, string eventId)
    {
        var failures = _failures.GetOrRenew(eventId, static _ => new(), FailureLifetime);
        if (failures.RecordFailure(_options.CurrentValue, _time.GetUtcNow()))
        {
            _store.Post(new GiveUpChange(this, state.History.Key, eventId, failures.Failures));
        }
        else
        {
            _acknowledgements.Fail(state, eventId);
        }
    }

    /// <summary>Accepts a notification, or finds the event of a redelivered one whose handlers have not succeeded.</summary>
    private sealed class AcceptChange(InMemoryInbox inbox, ReceivedCallNotification received, DateTimeOffset deadline)
        : CallChange(new(received.Notification.Instance.IdInstance, received.Notification.IdMessage))
    {
        private readonly TaskCompletionSource<IntakeOutcome> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the notification is accepted.</summary>
        public Task<IntakeOutcome> Accepted => _accepted.Task;

        /// <summary>The acknowledgement to wait for; null when the notification has no event with a pending handler.</summary>
        public PendingAcknowledgement? Acknowledgement { get; private set; }

        public override StateTransition Apply(CallState? before, ErasureList? erasures)
        {
            var transition = inbox._transitions.Accept(before, received);
            if (transition.IsChange)
            {
                return transition with { State = EndRetryWaits(transition.State) };
            }

            // An entry of the call journal may change nothing of a call that is not known.
            return before is not null && FindPending(before) is { } pending
                ? new() { State = EndRetryWaits(before), Outcome = pending.Event.Decision.Kind == CallDecisionKind.Handle ? IntakeOutcome.Stored : IntakeOutcome.Tracked }
                : transition;
        }

        public override void OnCommitted(StateTransition transition)
        {
            if ((transition.NewEvent ?? (transition.IsChange ? FindPending(transition.State) : null)) is { } pending)
            {
                Acknowledgement = new(pending.Event.Id, deadline);
                inbox._acknowledgements.Add(Key, Acknowledgement);
            }

            _accepted.SetResult(transition.Outcome);
            inbox._transitions.ReportCommitted(transition);
        }

        public override void OnRolledBack(Exception reason) =>
            _accepted.SetException(new CallInboxUnavailableException($"The notification could not be processed: {reason.GetType().Name}.", reason));

        private CallState EndRetryWaits(CallState state) => DeliveryLifecycle.EndRetryWaits(state, received.ReceivedAt);

        private PendingEvent? FindPending(CallState state)
        {
            var factKey = CallFact.KeyOf(received.Notification);
            return state.PendingEvents.FirstOrDefault(pending => pending.Event.Notification is { } notification && CallFact.KeyOf(notification) == factKey);
        }
    }

    /// <summary>Fails the notifications of an event that was not handled before its deadline. It changes no call.</summary>
    private sealed class TimeoutChange(InMemoryInbox inbox, CallKey call, PendingAcknowledgement acknowledgement) : CallChange(call)
    {
        public override StateTransition Apply(CallState? before, ErasureList? erasures) => StateTransition.CreateUnchanged(before!);

        public override void OnCommitted(StateTransition transition)
        {
            // The event may have been handled between the timeout and this change.
            if (!acknowledgement.Completion.IsCompleted)
            {
                inbox.OnFailed(transition.State, acknowledgement.EventId);
            }
        }

        public override void OnRolledBack(Exception reason)
        {
        }
    }

    /// <summary>Gives up the deliveries of an event, so that its notification no longer blocks the gateway's queue.</summary>
    private sealed class GiveUpChange(InMemoryInbox inbox, CallKey call, string eventId, int failures) : CallChange(call)
    {
        private IReadOnlyList<string> _handlers = [];

        public override StateTransition Apply(CallState? before, ErasureList? erasures)
        {
            _handlers = PendingAcknowledgements.GetPendingHandlers(before!, eventId);
            return new() { State = DeliveryLifecycle.GiveUp(before!, eventId) };
        }

        public override void OnCommitted(StateTransition transition)
        {
            inbox._acknowledgements.GiveUp(Key, eventId);
            inbox._logger.DeliveryGivenUp(eventId, failures, string.Join(", ", _handlers));
            foreach (var handler in _handlers)
            {
                inbox._metrics.RecordGivenUp(Key.IdInstance, handler);
            }
        }

        public override void OnRolledBack(Exception reason)
        {
        }
    }
}
