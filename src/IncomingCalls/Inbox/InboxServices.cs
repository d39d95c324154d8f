using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using IncomingCalls.Callers;
using IncomingCalls.Calls;
using IncomingCalls.Handling;
using IncomingCalls.Inbox.State;
using IncomingCalls.Instances;
using IncomingCalls.Policies;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox;

/// <summary>
/// The services of the core for a durable inbox: they compute the next <see cref="CallState"/> from the current one, and run handlers. The
/// inbox stores the states, finds the due ones, and serializes the changes of a call.
/// </summary>
/// <remarks>Thread-safe. No member writes to a store.</remarks>
[Experimental("ICEXP001")]
public sealed class InboxServices
{
    /// <summary>How long an outcome timeout is postponed while the instance of the call is catching up.</summary>
    private static readonly TimeSpan OutcomePostponement = TimeSpan.FromMinutes(1);

    private readonly CallHandlerCatalog _catalog;
    private readonly HandlerInvoker _invoker;
    private readonly InstanceSlots _slots;
    private readonly CallPolicyEvaluator _policy;
    private readonly CatchUpTracker _catchUp;
    private readonly CallerNameService _names;
    private readonly LocalFallbackCallerNameResolver _fallbackNames;
    private readonly LastKnownGoodOptions<IncomingCallsOptions> _options;
    private readonly TimeProvider _time;
    private readonly CallMetrics _metrics;
    private readonly ILogger _logger;

    internal InboxServices(
        CallHandlerCatalog catalog,
        HandlerInvoker invoker,
        InstanceSlots slots,
        CallPolicyEvaluator policy,
        CatchUpTracker catchUp,
        CallerNameService names,
        LocalFallbackCallerNameResolver fallbackNames,
        LastKnownGoodOptions<IncomingCallsOptions> options,
        TimeProvider time,
        CallMetrics metrics,
        ILogger<InboxServices> logger)
    {
        _catalog = catalog;
        _invoker = invoker;
        _slots = slots;
        _policy = policy;
        _catchUp = catchUp;
        _names = names;
        _fallbackNames = fallbackNames;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Raised when a caller's name was resolved. A durable inbox stores it, and restores it with <see cref="RestoreCallerName"/> after a restart.</summary>
    public event Action<CachedCallerName> CallerNameFound
    {
        add => _names.NameFound += value;
        remove => _names.NameFound -= value;
    }

    /// <summary>The last valid options.</summary>
    public IncomingCallsOptions Options => _options.CurrentValue;

    /// <summary>Whether this process has at least one handler. A process that handles notifications that other processes received must have one.</summary>
    public bool HasHandlers => _catalog.All.Count > 0;

    /// <summary>The names of the handlers of this process, without duplicates. All processes that share an inbox must have the same handlers.</summary>
    public IEnumerable<string> HandlerNames => _catalog.All.Select(static handler => handler.Name);

    /// <summary>
    /// Records the lag of a notification that another process has received. While an instance is catching up, outcome timeouts are postponed.
    /// </summary>
    /// <param name="received">The notification.</param>
    public void RecordLag(ReceivedCallNotification received)
    {
        ArgumentNullException.ThrowIfNull(received);
        if (received.Notification.Timestamp is { } timestamp)
        {
            _catchUp.RecordLag(received.Notification.Instance.IdInstance, received.ReceivedAt - timestamp);
        }
    }

    /// <summary>
    /// Resolves a caller's name with the resolvers of this process that are registered with <see cref="ICallerNameResolver.FallbackKey"/>, on
    /// behalf of the process that owns the instance.
    /// </summary>
    /// <param name="query">The caller whose name is resolved.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is the name; null when no resolver has one.</returns>
    public ValueTask<CallerName?> ResolveFallbackCallerNameAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _fallbackNames.ResolveAsync(query, cancellationToken);
    }

    /// <summary>Adds a stored name to the cache. To be called when the inbox opens.</summary>
    /// <param name="name">The name; ignored if it has expired.</param>
    public void RestoreCallerName(CachedCallerName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _names.Restore(name);
    }

    /// <summary>Applies a notification to its call.</summary>
    /// <param name="before">The current state; null for an unknown call.</param>
    /// <param name="received">The notification.</param>
    /// <returns>The transition, to be written before the notification is acknowledged.</returns>
    public StateTransition ApplyNotification(CallState? before, ReceivedCallNotification received)
    {
        ArgumentNullException.ThrowIfNull(received);
        var transition = CallTransitions.ApplyNotification(before?.History, received);
        if (transition.IsDuplicate)
        {
            return new() { State = before!, IsChange = false, Outcome = IntakeOutcome.Duplicate };
        }

        var timeout = Options.OutcomeTimeout;
        var outcomeDueAt = transition.Call.Outcome != CallOutcome.None ? null
            : received.Notification.Status == CallStatus.Offer && timeout > TimeSpan.Zero ? received.ReceivedAt + timeout
            : before?.OutcomeDueAt;
        return StateTransitions.Add(
            before, transition, outcomeDueAt, received.ReceivedAt, CreatePendingEvent(transition.Event, received.TraceParent, received.TraceState));
    }

    /// <summary>Evaluates the policy for a call whose outcome timeout has elapsed.</summary>
    /// <param name="idInstance">The instance of the call.</param>
    /// <returns>
    /// The decision; null when it has to be made later, because the instance is still catching up or the options of the policy are invalid.
    /// </returns>
    public CallDecision? DecideOutcomeUnknown(long idInstance)
    {
        if (_catchUp.IsCatchingUp(idInstance))
        {
            return null;
        }

        try
        {
            return _policy.Decide(new() { Kind = CallEventKind.OutcomeUnknown, IdInstance = idInstance });
        }
        catch (CallPolicyException)
        {
            // Logged by the evaluator. Another evaluation would fail again, and there is no notification to quarantine.
            return CallDecision.Discard;
        }
        catch (CallInboxUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Applies the outcome timeout to a call.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="decision">The result of <see cref="DecideOutcomeUnknown"/>; null postpones the timeout by one minute.</param>
    /// <returns>The transition to write.</returns>
    public StateTransition ApplyOutcomeTimeout(CallState before, CallDecision? decision)
    {
        ArgumentNullException.ThrowIfNull(before);
        var now = _time.GetUtcNow();
        if (before.OutcomeDueAt is null || decision is null)
        {
            return new() { State = before with { OutcomeDueAt = before.OutcomeDueAt is null ? null : now + OutcomePostponement } };
        }

        var transition = decision.Kind == CallDecisionKind.Discard ? null : CallTransitions.ApplyOutcomeTimeout(before.History, decision, now);
        return transition is null or { IsDuplicate: true }
            ? new() { State = before with { OutcomeDueAt = null } }
            : StateTransitions.Add(before, transition, outcomeDueAt: null, now, CreatePendingEvent(transition.Event, null, null));
    }

    /// <summary>Runs one attempt of a handler, with a fresh scope, filters and timeout.</summary>
    /// <param name="current">Gets the state of the call. It is called when the attempt starts, which may be after a wait for a slot of the instance.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="stopping">Signalled when the host stops.</param>
    /// <returns>A task whose result is the result of the attempt, to be passed to <see cref="Settle"/>.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was signalled. The attempt does not count.</exception>
    public async ValueTask<AttemptReport> RunAttemptAsync(Func<CallState> current, DeliveryAttempt attempt, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(attempt);
        if (_catalog.Find(attempt.Delivery.HandlerName) is not { } handler)
        {
            return new()
            {
                Attempt = attempt,
                Outcome = AttemptOutcome.Failed,
                Error = "HandlerNotRegistered: no handler with this name is registered. Register a handler with this name, or purge the dead letter.",
            };
        }

        // Alerts take no slot: the call is ringing, so they must not wait.
        using var slot = attempt.Delivery.IsNotifier ? (InstanceSlots.Slot?)null
            : await _slots.AcquireAsync(attempt.PendingEvent.Event.Call.IdInstance, stopping).ConfigureAwait(false);
        ActivityContext.TryParse(attempt.PendingEvent.TraceParent, attempt.PendingEvent.TraceState, isRemote: true, out var trace);
        var result = await _invoker.InvokeAsync(
            handler, attempt.PendingEvent.Event, CallProjection.Project(current().History), attempt.Delivery.Attempts + 1, stopping, trace: trace).ConfigureAwait(false);
        return new() { Attempt = attempt, Outcome = result.Outcome, RetryAfter = result.RetryAfter, Error = result.Error is { } e ? ErrorText.Create(e) : null };
    }

    /// <summary>Settles a delivery: applies the result of an attempt to its call.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="report">The result of the attempt.</param>
    /// <returns>The transition to write.</returns>
    public StateTransition Settle(CallState before, AttemptReport report)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(report);
        return report.Outcome == AttemptOutcome.Succeeded ? StateTransitions.Settle(before, report.Attempt)
            // Settled already, by a write whose response was lost: a failure must count once.
            : !StateTransitions.IsPending(before, report.Attempt) ? new() { State = before, IsChange = false }
            : report.Attempt.Delivery.IsNotifier ? SettleAlert(before, report)
            : SettleFailure(before, report);
    }

    /// <summary>Replays a dead letter: makes it a pending delivery again.</summary>
    /// <param name="before">The current state; null when the call is no longer stored, so that it is restored from this event.</param>
    /// <param name="letter">The dead letter.</param>
    /// <returns>The transition to write. The dead letter must be deleted in the same transaction.</returns>
    public StateTransition Replay(CallState? before, DeadLetterEntry letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return StateTransitions.Replay(before ?? StateTransitions.Restore(letter.Event), letter, _time.GetUtcNow());
    }

    /// <summary>Logs and counts the results of a transition. To be called once the transition is committed.</summary>
    /// <param name="transition">The transition.</param>
    public void ReportCommitted(StateTransition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        if (transition.EndedCall is { } ended)
        {
            _metrics.RecordOutcome(ended);
        }

        if (transition.DeadLetter is { } letter)
        {
            _metrics.RecordGivenUp(letter.Handler);
            _logger.DeadLettered(letter.Event.Id, letter.Handler, letter.Attempts, letter.Error);
        }
    }

    /// <summary>Logs and counts a quarantined notification. To be called once the notification is committed.</summary>
    /// <param name="item">The notification.</param>
    public void ReportCommitted(QuarantinedNotification item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _logger.Quarantined(item.Reason.ToString(), item.Explanation, item.Utf8Json.Length, Convert.ToHexString(SHA256.HashData(item.Utf8Json.Span)));
        _metrics.RecordQuarantined(item.Reason.ToString());
    }

    private StateTransition SettleAlert(CallState before, AttemptReport report)
    {
        var attempt = report.Attempt;
        var delay = report.RetryAfter ?? RetrySchedule.AfterAlertFailure(attempt.Delivery.Attempts + 1);
        var now = _time.GetUtcNow();
        if (report.Outcome == AttemptOutcome.Failed && now + delay <= attempt.PendingEvent.Event.ReceivedAt + Options.AlertWindow)
        {
            return StateTransitions.Retry(before, report, now + delay);
        }

        _logger.AlertExpired(attempt.Delivery.HandlerName, attempt.PendingEvent.Event.Id);
        return StateTransitions.Settle(before, attempt);
    }

    private StateTransition SettleFailure(CallState before, AttemptReport report)
    {
        var attempt = report.Attempt;
        var failedAttempts = attempt.Delivery.Attempts + 1;
        var delays = _catalog.Find(attempt.Delivery.HandlerName)?.RetryDelays ?? Options.RetryDelays;
        var nextDelay = report.Outcome == AttemptOutcome.Rejected ? null : RetrySchedule.AfterFailure(delays, failedAttempts, report.RetryAfter);
        var now = _time.GetUtcNow();
        return nextDelay is { } delay
            ? StateTransitions.Retry(before, report, now + delay)
            : StateTransitions.Settle(before, attempt, new()
            {
                Event = attempt.PendingEvent.Event,
                Handler = attempt.Delivery.HandlerName,
                Attempts = failedAttempts,
                Error = report.Error ?? "",
                FailedAt = now,
            });
    }

    private PendingEvent? CreatePendingEvent(StoredCallEvent? stored, string? traceParent, string? traceState)
    {
        var handlers = stored is null ? [] : _catalog.HandlersFor(stored);
        return handlers.Length == 0 ? null : new()
        {
            Event = stored!,
            Deliveries = [.. handlers.Select(handler => new Delivery
            {
                HandlerName = handler.Name,
                IsNotifier = handler.Role == CallHandlerRole.Notifier,
                DueAt = stored!.ReceivedAt,
            })],
            TraceParent = traceParent,
            TraceState = traceState,
        };
    }
}
