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
/// What the core does for a durable inbox: it makes the next <see cref="CallState"/> out of the last, and runs handlers. The inbox
/// keeps calls, knows when they are due, and lets nobody change a call at the same time.
/// </summary>
/// <remarks>Safe to use from any thread. Nothing here writes anything.</remarks>
[Experimental("ICEXP001")]
public sealed class InboxServices
{
    /// <summary>While an instance catches up, its calls are looked at again after this.</summary>
    private static readonly TimeSpan Postponement = TimeSpan.FromMinutes(1);

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
        InstanceSlots gates,
        CallPolicyEvaluator policy,
        CatchUpTracker backlog,
        CallerNameService names,
        LocalFallbackCallerNameResolver lastResort,
        LastKnownGoodOptions<IncomingCallsOptions> options,
        TimeProvider time,
        CallMetrics metrics,
        ILogger<InboxServices> logger)
    {
        _catalog = catalog;
        _invoker = invoker;
        _slots = gates;
        _policy = policy;
        _catchUp = backlog;
        _names = names;
        _fallbackNames = lastResort;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Raised when a caller's name was found: an inbox with a store keeps it, and recalls it after a restart.</summary>
    public event Action<CachedCallerName> CallerNameFound
    {
        add => _names.NameFound += value;
        remove => _names.NameFound -= value;
    }

    /// <summary>The options as of the last change that was valid.</summary>
    public IncomingCallsOptions Options => _options.CurrentValue;

    /// <summary>Whether this process has any handler. An inbox that handles where another process received must not run without.</summary>
    public bool HasHandlers => _catalog.All.Count > 0;

    /// <summary>The stored names of this process's handlers, each once. Processes that share an inbox are to have the same.</summary>
    public IEnumerable<string> HandlerNames => _catalog.All.Select(static handler => handler.Name);

    /// <summary>Notes how late a notification is: while an instance catches up, no outcome is given up. For one that another process received.</summary>
    /// <param name="received">The notification.</param>
    public void RecordLag(ReceivedCallNotification received)
    {
        ArgumentNullException.ThrowIfNull(received);
        if (received.Notification.Timestamp is { } timestamp)
        {
            _catchUp.RecordLag(received.Notification.Instance.IdInstance, received.ReceivedAt - timestamp);
        }
    }

    /// <summary>Asks the resolvers of <see cref="ICallerNameResolver.FallbackKey"/> that this process has, for whoever is in charge of the instance.</summary>
    /// <param name="query">Whose name.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The name; null when they have none.</returns>
    public ValueTask<CallerName?> ResolveFallbackCallerNameAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _fallbackNames.ResolveAsync(query, cancellationToken);
    }

    /// <summary>Takes back a name that was found before the host started.</summary>
    /// <param name="name">The name; one that is no longer good is ignored.</param>
    public void RestoreCallerName(CachedCallerName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _names.Restore(name);
    }

    /// <summary>A notification arrived.</summary>
    /// <param name="before">The call so far; null for one never heard of.</param>
    /// <param name="received">The notification.</param>
    /// <returns>What to write before it is acknowledged.</returns>
    public StateTransition ApplyNotification(CallState? before, ReceivedCallNotification received)
    {
        ArgumentNullException.ThrowIfNull(received);
        var step = CallTransitions.ApplyNotification(before?.History, received);
        if (step.IsDuplicate)
        {
            return new() { State = before!, IsChange = false, Outcome = IntakeOutcome.Duplicate };
        }

        var timeout = Options.OutcomeTimeout;
        var outcomeDueAt = step.Call.Outcome != CallOutcome.None ? null
            : received.Notification.Status == CallStatus.Offer && timeout > TimeSpan.Zero ? received.ReceivedAt + timeout
            : before?.OutcomeDueAt;
        return StateTransitions.Add(before, step, outcomeDueAt, received.ReceivedAt, CreatePendingEvent(step.Event, received.TraceParent, received.TraceState));
    }

    /// <summary>Asks the policy about a call whose outcome is due.</summary>
    /// <param name="idInstance">The instance of the call.</param>
    /// <returns>The decision; null when it is too early, because the instance is still catching up.</returns>
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
            // Logged where it was thrown. Asked again it would fail again, and no quarantine keeps what no notification brought.
            return CallDecision.Discard;
        }
        catch (CallInboxUnavailableException)
        {
            return null;
        }
    }

    /// <summary>No outcome came in time.</summary>
    /// <param name="before">The call so far.</param>
    /// <param name="decision">The answer of <see cref="DecideOutcomeUnknown"/>.</param>
    /// <returns>What to write.</returns>
    public StateTransition ApplyOutcomeTimeout(CallState before, CallDecision? decision)
    {
        ArgumentNullException.ThrowIfNull(before);
        var now = _time.GetUtcNow();
        if (before.OutcomeDueAt is null || decision is null)
        {
            return new() { State = before with { OutcomeDueAt = before.OutcomeDueAt is null ? null : now + Postponement } };
        }

        var step = decision.Kind == CallDecisionKind.Discard ? null : CallTransitions.ApplyOutcomeTimeout(before.History, decision, now);
        return step is null or { IsDuplicate: true }
            ? new() { State = before with { OutcomeDueAt = null } }
            : StateTransitions.Add(before, step, outcomeDueAt: null, now, CreatePendingEvent(step.Event, null, null));
    }

    /// <summary>Makes one attempt of a handler, in a fresh scope, with filters and time limit.</summary>
    /// <param name="current">The call at the moment of the attempt, which may have to wait for its turn.</param>
    /// <param name="run">The attempt.</param>
    /// <param name="stopping">Signalled when the host stops.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> is signalled; the attempt does not count.</exception>
    public async ValueTask<AttemptReport> RunAttemptAsync(Func<CallState> current, DeliveryAttempt run, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(run);
        if (_catalog.Find(run.Delivery.HandlerName) is not { } handler)
        {
            return new()
            {
                Attempt = run,
                Outcome = AttemptOutcome.Failed,
                Error = "HandlerNotRegistered: no handler of this name is registered. Register one under it, or purge the dead letter.",
            };
        }

        // Alerts wait for nobody: they are not work, they are somebody ringing.
        using var place = run.Delivery.IsNotifier ? (InstanceSlots.Slot?)null
            : await _slots.AcquireAsync(run.PendingEvent.Event.Call.IdInstance, stopping).ConfigureAwait(false);
        ActivityContext.TryParse(run.PendingEvent.TraceParent, run.PendingEvent.TraceState, isRemote: true, out var trace);
        var result = await _invoker.InvokeAsync(
            handler, run.PendingEvent.Event, CallProjection.Project(current().History), run.Delivery.Attempts + 1, stopping, trace: trace).ConfigureAwait(false);
        return new() { Attempt = run, Outcome = result.Outcome, RetryAfter = result.RetryAfter, Error = result.Error is { } e ? ErrorText.Create(e) : null };
    }

    /// <summary>An attempt ended.</summary>
    /// <param name="before">The call so far.</param>
    /// <param name="report">How it ended.</param>
    /// <returns>What to write.</returns>
    public StateTransition Settle(CallState before, AttemptReport report)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(report);
        return report.Outcome == AttemptOutcome.Succeeded ? StateTransitions.Settle(before, report.Attempt)
            // Marked already, by a write whose answer was lost: a failure counts once.
            : !StateTransitions.IsPending(before, report.Attempt) ? new() { State = before, IsChange = false }
            : report.Attempt.Delivery.IsNotifier ? SettleAlert(before, report)
            : SettleFailure(before, report);
    }

    /// <summary>A dead letter is owed again.</summary>
    /// <param name="before">The call so far; null when it is forgotten, and then only this event is known of it.</param>
    /// <param name="letter">The dead letter.</param>
    /// <returns>What to write; the dead letter goes in the same transaction.</returns>
    public StateTransition Replay(CallState? before, DeadLetterEntry letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return StateTransitions.Replay(before ?? StateTransitions.Restore(letter.Event), letter, _time.GetUtcNow());
    }

    /// <summary>Logs and counts what a step brought. To be called once the step is written.</summary>
    /// <param name="step">The step.</param>
    public void ReportCommitted(StateTransition step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (step.EndedCall is { } ended)
        {
            _metrics.RecordOutcome(ended);
        }

        if (step.DeadLetter is { } letter)
        {
            _metrics.RecordGivenUp(letter.Handler);
            _logger.DeadLettered(letter.Event.Id, letter.Handler, letter.Attempts, letter.Error);
        }
    }

    /// <summary>Logs and counts a notification that went to quarantine. To be called once it is written.</summary>
    /// <param name="item">The notification.</param>
    public void ReportCommitted(QuarantinedNotification item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _logger.Quarantined(item.Reason.ToString(), item.Explanation, item.Utf8Json.Length, Convert.ToHexString(SHA256.HashData(item.Utf8Json.Span)));
        _metrics.RecordQuarantined(item.Reason.ToString());
    }

    private StateTransition SettleAlert(CallState before, AttemptReport report)
    {
        var run = report.Attempt;
        var wait = report.RetryAfter ?? RetrySchedule.AfterAlertFailure(run.Delivery.Attempts + 1);
        var now = _time.GetUtcNow();
        if (report.Outcome == AttemptOutcome.Failed && now + wait <= run.PendingEvent.Event.ReceivedAt + Options.AlertWindow)
        {
            return StateTransitions.Retry(before, report, now + wait);
        }

        _logger.AlertExpired(run.Delivery.HandlerName, run.PendingEvent.Event.Id);
        return StateTransitions.Settle(before, run);
    }

    private StateTransition SettleFailure(CallState before, AttemptReport report)
    {
        var run = report.Attempt;
        var failed = run.Delivery.Attempts + 1;
        var waits = _catalog.Find(run.Delivery.HandlerName)?.RetryDelays ?? Options.RetryDelays;
        var wait = report.Outcome == AttemptOutcome.Rejected ? null : RetrySchedule.AfterFailure(waits, failed, report.RetryAfter);
        var now = _time.GetUtcNow();
        return wait is { } delay
            ? StateTransitions.Retry(before, report, now + delay)
            : StateTransitions.Settle(before, run, new() { Event = run.PendingEvent.Event, Handler = run.Delivery.HandlerName, Attempts = failed, Error = report.Error ?? "", FailedAt = now });
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
