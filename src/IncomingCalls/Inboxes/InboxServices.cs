using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inboxes;

/// <summary>
/// What the core does for a durable inbox: it makes the next <see cref="KeptCall"/> out of the last, and runs handlers. The inbox
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
    private readonly InstanceGates _gates;
    private readonly CallPolicyRunner _policy;
    private readonly BacklogGauge _backlog;
    private readonly CallerNames _names;
    private readonly LastResortNamesHere _lastResort;
    private readonly LastValid<IncomingCallsOptions> _options;
    private readonly TimeProvider _time;
    private readonly CallMetrics _metrics;
    private readonly ILogger _logger;

    internal InboxServices(
        CallHandlerCatalog catalog,
        HandlerInvoker invoker,
        InstanceGates gates,
        CallPolicyRunner policy,
        BacklogGauge backlog,
        CallerNames names,
        LastResortNamesHere lastResort,
        LastValid<IncomingCallsOptions> options,
        TimeProvider time,
        CallMetrics metrics,
        ILogger<InboxServices> logger)
    {
        _catalog = catalog;
        _invoker = invoker;
        _gates = gates;
        _policy = policy;
        _backlog = backlog;
        _names = names;
        _lastResort = lastResort;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Raised when a caller's name was found: an inbox with a store keeps it, and recalls it after a restart.</summary>
    public event Action<KeptCallerName> NameFound
    {
        add => _names.Found += value;
        remove => _names.Found -= value;
    }

    /// <summary>The options as of the last change that was valid.</summary>
    public IncomingCallsOptions Options => _options.CurrentValue;

    /// <summary>Whether this process has any handler. An inbox that handles where another process received must not run without.</summary>
    public bool HasHandlers => _catalog.All.Count > 0;

    /// <summary>The stored names of this process's handlers, each once. Processes that share an inbox are to have the same.</summary>
    public IEnumerable<string> HandlerNames => _catalog.All.Select(static handler => handler.Name);

    /// <summary>Notes how late a notification is: while an instance catches up, no outcome is given up. For one that another process received.</summary>
    /// <param name="received">The notification.</param>
    public void NoteLag(ReceivedCallNotification received)
    {
        ArgumentNullException.ThrowIfNull(received);
        if (received.Notification.Timestamp is { } timestamp)
        {
            _backlog.Note(received.Notification.Instance.IdInstance, received.ReceivedAt - timestamp);
        }
    }

    /// <summary>Asks the resolvers of <see cref="ICallerNameResolver.LastResort"/> that this process has, for whoever is in charge of the instance.</summary>
    /// <param name="query">Whose name.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The name; null when they have none.</returns>
    public ValueTask<CallerName?> AskLastResortAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _lastResort.AskAsync(query, cancellationToken);
    }

    /// <summary>Takes back a name that was found before the host started.</summary>
    /// <param name="name">The name; one that is no longer good is ignored.</param>
    public void Recall(KeptCallerName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _names.Recall(name);
    }

    /// <summary>A notification arrived.</summary>
    /// <param name="before">The call so far; null for one never heard of.</param>
    /// <param name="received">The notification.</param>
    /// <returns>What to write before it is acknowledged.</returns>
    public KeptCallStep Take(KeptCall? before, ReceivedCallNotification received)
    {
        ArgumentNullException.ThrowIfNull(received);
        var step = CallSteps.Take(before?.History, received);
        if (step.IsRepeat)
        {
            return new() { Call = before!, IsChange = false, Outcome = IntakeOutcome.Repeat };
        }

        var timeout = Options.OutcomeTimeout;
        var outcomeDueAt = step.Call.Outcome != CallOutcome.None ? null
            : received.Notification.Status == CallStatus.Offer && timeout > TimeSpan.Zero ? received.ReceivedAt + timeout
            : before?.OutcomeDueAt;
        return KeptCallSteps.Add(before, step, outcomeDueAt, received.ReceivedAt, Owed(step.Event, received.TraceParent, received.TraceState));
    }

    /// <summary>Asks the policy about a call whose outcome is due.</summary>
    /// <param name="idInstance">The instance of the call.</param>
    /// <returns>The decision; null when it is too early, because the instance is still catching up.</returns>
    public CallDecision? DecideNoOutcome(long idInstance)
    {
        if (_backlog.IsDraining(idInstance))
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
    /// <param name="decision">The answer of <see cref="DecideNoOutcome"/>.</param>
    /// <returns>What to write.</returns>
    public KeptCallStep GiveUpWaiting(KeptCall before, CallDecision? decision)
    {
        ArgumentNullException.ThrowIfNull(before);
        var now = _time.GetUtcNow();
        if (before.OutcomeDueAt is null || decision is null)
        {
            return new() { Call = before with { OutcomeDueAt = before.OutcomeDueAt is null ? null : now + Postponement } };
        }

        var step = decision.Kind == CallDecisionKind.Discard ? null : CallSteps.GiveUpWaiting(before.History, decision, now);
        return step is null or { IsRepeat: true }
            ? new() { Call = before with { OutcomeDueAt = null } }
            : KeptCallSteps.Add(before, step, outcomeDueAt: null, now, Owed(step.Event, null, null));
    }

    /// <summary>Makes one attempt of a handler, in a fresh scope, with filters and time limit.</summary>
    /// <param name="current">The call at the moment of the attempt, which may have to wait for its turn.</param>
    /// <param name="run">The attempt.</param>
    /// <param name="stopping">Signalled when the host stops.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> is signalled; the attempt does not count.</exception>
    public async ValueTask<HandlerReport> RunAsync(Func<KeptCall> current, HandlerRun run, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(run);
        if (_catalog.Find(run.Handler.Name) is not { } handler)
        {
            return new()
            {
                Run = run,
                Verdict = HandlerVerdict.Failed,
                Error = "HandlerNotRegistered: no handler of this name is registered. Register one under it, or purge the dead letter.",
            };
        }

        // Alerts wait for nobody: they are not work, they are somebody ringing.
        using var place = run.Handler.IsNotifier ? (InstanceGates.Place?)null
            : await _gates.EnterAsync(run.Owed.Event.Call.IdInstance, stopping).ConfigureAwait(false);
        ActivityContext.TryParse(run.Owed.TraceParent, run.Owed.TraceState, isRemote: true, out var trace);
        var result = await _invoker.InvokeAsync(
            handler, run.Owed.Event, CallProjection.Of(current().History), run.Handler.Attempts + 1, stopping, trace: trace).ConfigureAwait(false);
        return new() { Run = run, Verdict = result.Verdict, RetryAfter = result.RetryAfter, Error = result.Error is { } e ? ErrorText.Of(e) : null };
    }

    /// <summary>An attempt ended.</summary>
    /// <param name="before">The call so far.</param>
    /// <param name="report">How it ended.</param>
    /// <returns>What to write.</returns>
    public KeptCallStep Settle(KeptCall before, HandlerReport report)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(report);
        return report.Verdict == HandlerVerdict.Succeeded ? KeptCallSteps.Settle(before, report.Run)
            // Marked already, by a write whose answer was lost: a failure counts once.
            : !KeptCallSteps.IsOwed(before, report.Run) ? new() { Call = before, IsChange = false }
            : report.Run.Handler.IsNotifier ? SettleAlert(before, report)
            : SettleFailure(before, report);
    }

    /// <summary>A dead letter is owed again.</summary>
    /// <param name="before">The call so far; null when it is forgotten, and then only this event is known of it.</param>
    /// <param name="letter">The dead letter.</param>
    /// <returns>What to write; the dead letter goes in the same transaction.</returns>
    public KeptCallStep Replay(KeptCall? before, DeadEvent letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return KeptCallSteps.Replay(before ?? KeptCallSteps.Recall(letter.Event), letter, _time.GetUtcNow());
    }

    /// <summary>Logs and counts what a step brought. To be called once the step is written.</summary>
    /// <param name="step">The step.</param>
    public void Tell(KeptCallStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (step.Ended is { } ended)
        {
            _metrics.OutcomeReached(ended);
        }

        if (step.DeadLetter is { } letter)
        {
            _metrics.GivenUp(letter.Handler);
            _logger.DeadLettered(letter.Event.Id, letter.Handler, letter.Attempts, letter.Error);
        }
    }

    /// <summary>Logs and counts a notification that went to quarantine. To be called once it is written.</summary>
    /// <param name="item">The notification.</param>
    public void Tell(QuarantinedNotification item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _logger.Quarantined(item.Reason.ToString(), item.Explanation, item.Utf8Json.Length, Convert.ToHexString(SHA256.HashData(item.Utf8Json.Span)));
        _metrics.Quarantined(item.Reason.ToString());
    }

    private KeptCallStep SettleAlert(KeptCall before, HandlerReport report)
    {
        var run = report.Run;
        var wait = report.RetryAfter ?? RetrySchedule.OfAlert(run.Handler.Attempts + 1);
        var now = _time.GetUtcNow();
        if (report.Verdict == HandlerVerdict.Failed && now + wait <= run.Owed.Event.ReceivedAt + Options.AlertWindow)
        {
            return KeptCallSteps.Retry(before, report, now + wait);
        }

        _logger.AlertLeft(run.Handler.Name, run.Owed.Event.Id);
        return KeptCallSteps.Settle(before, run);
    }

    private KeptCallStep SettleFailure(KeptCall before, HandlerReport report)
    {
        var run = report.Run;
        var failed = run.Handler.Attempts + 1;
        var waits = _catalog.Find(run.Handler.Name)?.Retries ?? Options.Retries;
        var wait = report.Verdict == HandlerVerdict.Rejected ? null : RetrySchedule.AfterFailure(waits, failed, report.RetryAfter);
        var now = _time.GetUtcNow();
        return wait is { } delay
            ? KeptCallSteps.Retry(before, report, now + delay)
            : KeptCallSteps.Settle(before, run, new() { Event = run.Owed.Event, Handler = run.Handler.Name, Attempts = failed, Error = report.Error ?? "", FailedAt = now });
    }

    private OwedEvent? Owed(StoredCallEvent? stored, string? traceParent, string? traceState)
    {
        var handlers = stored is null ? [] : _catalog.OwedBy(stored);
        return handlers.Length == 0 ? null : new()
        {
            Event = stored!,
            Handlers = [.. handlers.Select(handler => new OwedHandler
            {
                Name = handler.Name,
                IsNotifier = handler.Role == CallHandlerRole.Notifier,
                DueAt = stored!.ReceivedAt,
            })],
            TraceParent = traceParent,
            TraceState = traceState,
        };
    }
}
