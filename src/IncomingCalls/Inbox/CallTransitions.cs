using System.Collections.Concurrent;
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
/// Computes the next <see cref="CallState"/> from the current one with the handlers, options, caller names and clock of this host. The inbox
/// stores the states and serializes the changes of a call.
/// </summary>
/// <remarks>
/// Thread-safe. A transition may be computed several times and be discarded; only the methods whose names begin with Report or Record have effects.
/// </remarks>
[Experimental("ICEXP001")]
public sealed partial class CallTransitions
{
    /// <summary>The age of an event from which an attempt counts even if the destination has asked for a delay.</summary>
    private static readonly TimeSpan CountedAfter = TimeSpan.FromHours(24);

    private readonly CallHandlerCatalog _catalog;
    private readonly CallPolicyEvaluator _policy;
    private readonly CatchUpTracker _catchUp;
    private readonly InstanceActivityTracker _activity;
    private readonly CallerNameService _names;
    private readonly CallEventFactory _events;
    private readonly ICallInstances _instances;
    private readonly IMissingOutcomeResolver? _outcomes;
    private readonly LastKnownGoodOptions<IncomingCallsOptions> _options;
    private readonly TimeProvider _time;
    private readonly CallMetrics _metrics;
    private readonly ILogger _logger;
    private readonly DeliveryRules _rules;

    /// <summary>The instances for which a call of the own number was logged.</summary>
    private readonly ConcurrentDictionary<long, bool> _ownNumberInstances = new();

    internal CallTransitions(
        CallHandlerCatalog catalog,
        CallPolicyEvaluator policy,
        CatchUpTracker catchUp,
        InstanceActivityTracker activity,
        CallerNameService names,
        CallEventFactory events,
        ICallInstances instances,
        IMissingOutcomeResolver? outcomes,
        LastKnownGoodOptions<IncomingCallsOptions> options,
        TimeProvider time,
        CallMetrics metrics,
        ILogger logger,
        DeliveryRules rules)
    {
        _catalog = catalog;
        _policy = policy;
        _catchUp = catchUp;
        _activity = activity;
        _names = names;
        _events = events;
        _instances = instances;
        _outcomes = outcomes;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _rules = rules;
    }

    private CallTransitions(CallTransitions other, TimeProvider clock, IMissingOutcomeResolver? outcomes)
        : this(other._catalog, other._policy, other._catchUp, other._activity, other._names, other._events, other._instances, outcomes, other._options, clock, other._metrics, other._logger, other._rules)
    {
    }

    /// <summary>The caller names, whose lookups the transitions wait for.</summary>
    internal CallerNameService Names => _names;

    /// <summary>The number of concurrent attempts per instance and handler.</summary>
    internal int MaxConcurrentAttempts => Options.MaxConcurrentAttemptsPerInstance;

    /// <summary>Whether a change of a call may replace or release deliveries that wait for their settle time or for the call journal.</summary>
    /// <param name="call">The call; its deliveries are not looked at.</param>
    /// <returns>true if the deliveries that wait must be passed to the change; otherwise, false.</returns>
    public bool MayEndWaits(CallState call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _catalog.All.Any(static handler => handler.UnansweredSettleTime > TimeSpan.Zero) || CallProjection.IsOfferedBySelf(call.History);
    }

    private IncomingCallsOptions Options => _options.CurrentValue;

    /// <summary>Returns whether a handler of this host is an operator notifier.</summary>
    internal bool IsNotifier(string handlerName) => _catalog.Find(handlerName) is { Role: CallHandlerRole.Notifier };

    /// <summary>Creates transitions that use another clock.</summary>
    /// <param name="clock">The clock: that of <see cref="ICallInbox.Clock"/>.</param>
    /// <returns>The transitions.</returns>
    public CallTransitions WithClock(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new(this, clock, _outcomes);
    }

    /// <summary>Accepts a notification.</summary>
    /// <param name="before">The current state; null for an unknown call.</param>
    /// <param name="received">The notification.</param>
    /// <param name="erasures">The erasures that the inbox has stored; null for none.</param>
    /// <returns>The transition, to be written before the notification is acknowledged.</returns>
    public StateTransition Accept(CallState? before, ReceivedCallNotification received, ErasureList? erasures = null)
    {
        ArgumentNullException.ThrowIfNull(received);
        if (erasures?.Discards(received, FindAccount(received.Notification.Instance.IdInstance)) == true)
        {
            return StateTransition.CreateUnchanged(before ?? CreateState(received), IntakeOutcome.Discarded);
        }

        if (received.JournalEntry is { } entry)
        {
            return AcceptEntry(before, received, entry);
        }

        var transition = CallReducer.Accept(before?.History, received, GetTreatments(received.Notification.Instance.IdInstance, before?.History.FirstReceivedAt ?? received.ReceivedAt));
        if (transition.IsDuplicate)
        {
            return StateTransition.CreateUnchanged(before!, IntakeOutcome.Duplicate);
        }

        if (before is not null && !transition.Call.Anomalies.HasFlag(CallAnomalies.FromSelf))
        {
            // Another notification may have told what the journal was awaited for.
            before = EndJournalWaits(before, transition.Call, _time.GetUtcNow());
        }

        var replaced = transition.RaisesOutcome ? DeliveryLifecycle.FindSettling(before, _time.GetUtcNow()) : [];
        var newEvent = CreatePendingEvent(transition, received.Notification.Timestamp, received.TraceParent, received.TraceState, replaced);
        return WithContacts(
            DeliveryLifecycle.Add(DeliveryLifecycle.RemoveReplaced(before, replaced), transition, newEvent, GetOutcomeDueAt(before, transition, received), received.ReceivedAt),
            before?.History,
            transition.Call);
    }

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

    /// <summary>Records that another process has received a notification, which the health check then reports.</summary>
    /// <param name="idInstance">The instance.</param>
    /// <param name="receivedAt">When the notification was received. An earlier time than the last one changes nothing.</param>
    public void RecordReceipt(long idInstance, DateTimeOffset receivedAt) => _activity.RecordReceipt(idInstance, receivedAt);

    /// <summary>Settles a delivery: records the result of an attempt.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="report">The result of the attempt.</param>
    /// <param name="pause">The pause of the destination of the report, or else of the delivery; null for none.</param>
    /// <returns>The transition to write.</returns>
    public StateTransition Settle(CallState before, AttemptReport report, DestinationPause? pause = null) => Settle(before, report, ChangePause(pause, report));

    private StateTransition SettleFinished(CallState before, AttemptReport report, DateTimeOffset now)
    {
        var retry = report.Outcome != AttemptOutcome.Failed ? null
            : report.Attempt.Delivery.IsNotifier ? PlanAlertRetry(report, now)
            : _rules.PlanRetry(report, _catalog.Find(report.Attempt.Delivery.HandlerName)?.RetryDelays, Options, now);
        var settled = DeliveryLifecycle.Settle(before, report, retry, now);
        return settled.DeadLetter is { } letter ? settled with { DeadLetter = WithAccount(letter) } : settled;
    }

    /// <summary>Returns whether what a lane waits for has occurred, so that it is due before its time.</summary>
    /// <param name="call">The call of the lane.</param>
    /// <param name="lane">The lane.</param>
    /// <returns>Whether the next attempt of the lane may start although its time has not come.</returns>
    public bool IsSignalled(CallState call, Lane lane)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(lane);
        return lane.WaitsFor == DeliveryWait.CallerName && !IsNameAwaited(CallProjection.Project(call.History));
    }

    /// <summary>
    /// Logs and counts the results of a transition, and starts the lookup of the caller's name for a new event. To be called once the
    /// transition is committed.
    /// </summary>
    /// <param name="transition">The transition.</param>
    public void ReportCommitted(StateTransition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        if (transition.NewEvent is { } added)
        {
            ReportOwnNumberCall(transition.State.History, added.Event);
            StartLookup(transition.State, isRinging: added.Event.Kind == CallEventKind.Offered);
        }
        else if (transition.HasNamedCaller)
        {
            StartLookup(transition.State);
        }

        if (transition.EndedCall is { } ended)
        {
            _metrics.RecordOutcome(ended);
        }

        if (transition.ExpiredAlert is { } alert)
        {
            _logger.AlertExpired(alert.Delivery.HandlerName, alert.PendingEvent.Event.Id);
        }

        if (transition.PauseChange is { } change)
        {
            ReportPauseChange(change);
        }

        if (transition.DeadLetter is { } letter)
        {
            ReportCommitted(letter);
            if (_rules.HasDeadLetters)
            {
                _logger.DeadLettered(letter.Event.Id, letter.Handler, letter.Attempts, letter.Error);
            }
            else if (transition.IsGivenUp)
            {
                _logger.DeliveryGivenUp(letter.Event.Id, letter.Attempts, letter.Handler);
            }
        }

        if (transition.Outcome == IntakeOutcome.Duplicate)
        {
            _logger.DuplicateNotification(transition.State.History.Key);
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

    /// <summary>Starts the lookup of the name of a caller.</summary>
    /// <param name="state">The call.</param>
    /// <param name="isRinging">Whether the call may be ringing: its lookup is then preferred.</param>
    internal void StartLookup(CallState state, bool isRinging = false)
    {
        var call = CallProjection.Project(state.History);
        _names.StartLookup(call.Key.IdInstance, call.Caller, isRinging && call.Outcome == CallOutcome.None);
    }

    private void ReportOwnNumberCall(CallHistory history, StoredCallEvent added)
    {
        if (added.Kind == CallEventKind.Offered && CallProjection.Project(history).Anomalies.HasFlag(CallAnomalies.FromSelf))
        {
            _metrics.RecordOwnNumberCall(history.Key.IdInstance);
            if (_ownNumberInstances.TryAdd(history.Key.IdInstance, true))
            {
                _logger.OwnNumberCall(history.Key.IdInstance, Options.OwnNumberCalls);
            }
        }
    }

    private RetryPlan? PlanAlertRetry(AttemptReport report, DateTimeOffset now)
    {
        var dueAt = now + (report.RetryAfter ?? RetrySchedule.AfterAlertFailure(report.Attempt.Delivery.Attempts + 1));
        return dueAt <= report.Attempt.PendingEvent.Event.ReceivedAt + Options.AlertWindow ? new() { DueAt = dueAt } : null;
    }

    private PendingEvent? CreatePendingEvent(
        CallTransition transition, DateTimeOffset? timestamp, string? traceParent, string? traceState, IReadOnlyList<DeliveryAttempt> replaced)
    {
        if (transition.Event is not { } stored || _catalog.HandlersFor(stored) is not { Length: > 0 } handlers)
        {
            return null;
        }

        var nameDueAt = GetNameDueAt(transition, timestamp ?? stored.ReceivedAt);
        var journalDueAt = IsJournalAwaited(transition.Call, transition.History.FirstReceivedAt) ? transition.History.FirstReceivedAt + MaxJournalWait : (DateTimeOffset?)null;
        var selected = handlers.Any(static handler => handler.Destination is not null || handler.RateLimit is not null) ? _events.Create(stored, transition.Call, stored.PreviousOutcome, attempt: 1, _time.GetUtcNow()) : null;
        return new()
        {
            Event = stored,
            Deliveries = [.. handlers.Select(handler => CreateDelivery(handler, stored, nameDueAt, journalDueAt, replaced.FirstOrDefault(other => other.Delivery.HandlerName == handler.Name), selected))],
            TraceParent = traceParent,
            TraceState = traceState,
        };
    }

    /// <param name="handler">The handler.</param>
    /// <param name="stored">The event.</param>
    /// <param name="nameDueAt">When a wait for the caller's name ends; null when there is none.</param>
    /// <param name="journalDueAt">When a wait for the call journal ends; null when there is none.</param>
    /// <param name="replaced">The delivery of an earlier outcome that this one replaces; null for none.</param>
    /// <param name="selected">The event for the functions of handlers that select its destination; null when no handler has one.</param>
    private Delivery CreateDelivery(
        CallHandlerRegistration handler, StoredCallEvent stored, DateTimeOffset? nameDueAt, DateTimeOffset? journalDueAt, DeliveryAttempt? replaced, CallEvent? selected)
    {
        var settleDueAt = stored.Kind is not (CallEventKind.Missed or CallEventKind.Dropped) || handler.UnansweredSettleTime == TimeSpan.Zero ? (DateTimeOffset?)null
            : replaced?.Delivery.DueAt ?? stored.ReceivedAt + handler.UnansweredSettleTime;
        nameDueAt = handler.WaitsForCallerName ? nameDueAt : null;
        var destination = Select(handler, handler.Destination, selected);
        var partition = handler.RateLimit is not { } limit ? null : limit.Partition == handler.Destination ? destination ?? "" : Select(handler, limit.Partition, selected) ?? "";
        return new()
        {
            HandlerName = handler.Name,
            IsNotifier = handler.Role == CallHandlerRole.Notifier,
            // A name that is found does not end the settle time. It is not known who called while the journal is awaited.
            DueAt = journalDueAt ?? (settleDueAt > nameDueAt ? settleDueAt.Value : nameDueAt ?? settleDueAt ?? stored.ReceivedAt),
            WaitsFor = journalDueAt is not null ? DeliveryWait.Journal : settleDueAt is not null ? DeliveryWait.Settle : nameDueAt is not null ? DeliveryWait.CallerName : DeliveryWait.None,
            Destination = destination,
            RatePartition = partition == destination ? null : partition,
            PreviousOutcome = replaced is null ? null : replaced.Delivery.PreviousOutcome ?? replaced.PendingEvent.Event.PreviousOutcome,
        };
    }

    /// <summary>Runs a function of the host that selects a destination or a partition; returns null when it fails.</summary>
    private string? Select(CallHandlerRegistration handler, Func<CallEvent, string?>? select, CallEvent? callEvent)
    {
        try
        {
            return select?.Invoke(callEvent!) is not { } name ? null : DestinationName.IsValid(name) ? name : throw new ArgumentException("The name is empty, longer than 200 characters, or has control characters.");
        }
        catch (Exception e)
        {
            _logger.DestinationNotSelected(handler.Name, callEvent!.Id, e.GetType().Name);
            return null;
        }
    }

    /// <summary>
    /// Gets when deliveries that want the caller's name are due at the latest; null when there is no wait. All events of a call have the same
    /// deadline, so a name that is not found delays a call once.
    /// </summary>
    private DateTimeOffset? GetNameDueAt(CallTransition transition, DateTimeOffset timestamp)
    {
        var receivedAt = transition.Event!.ReceivedAt;
        var dueAt = transition.History.FirstReceivedAt + _rules.GetNameWait(Options);
        return dueAt > receivedAt && receivedAt - timestamp < _rules.LateAfter && IsNameAwaited(transition.Call) ? dueAt : null;
    }

    private bool IsNameAwaited(Call call) => _names.GetStatus(call.Key.IdInstance, call.Caller) == CallerNameStatus.Unknown;
}
