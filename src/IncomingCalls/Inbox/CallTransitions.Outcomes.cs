using IncomingCalls.Calls;
using IncomingCalls.Inbox.State;
using IncomingCalls.Policies;
using IncomingCalls.Telemetry;

namespace IncomingCalls.Inbox;

/// <content>What no notification has reported: the outcome of a call, and the caller of a call that names the instance itself.</content>
public sealed partial class CallTransitions
{
    /// <summary>How long the question for an outcome is postponed while the instance of the call is catching up.</summary>
    private static readonly TimeSpan OutcomePostponement = TimeSpan.FromMinutes(1);

    /// <summary>The shortest time until the same question is asked again: clocks of nodes differ.</summary>
    private static readonly TimeSpan MinAskInterval = TimeSpan.FromSeconds(10);

    /// <summary>When a question is asked again that has failed unexpectedly.</summary>
    private static readonly TimeSpan FailedAskInterval = TimeSpan.FromHours(1);

    /// <summary>For how long after its first receipt a call is asked for again after unexpected failures.</summary>
    private static readonly TimeSpan MaxFailedAge = TimeSpan.FromHours(24);

    /// <summary>The longest wait of a delivery for the journal, from the first receipt of the call.</summary>
    private static readonly TimeSpan MaxJournalWait = TimeSpan.FromMinutes(5);

    /// <summary>Creates transitions that find missing outcomes elsewhere.</summary>
    /// <param name="outcomes">The resolver; null for none.</param>
    /// <returns>The transitions.</returns>
    public CallTransitions WithOutcomes(IMissingOutcomeResolver? outcomes) => new(this, _time, outcomes);

    /// <summary>Returns whether the call journal of an instance is asked for outcomes.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <returns>true if a resolver covers the instance; otherwise, false.</returns>
    public bool HasJournal(long idInstance) => _outcomes?.Covers(idInstance) == true;

    /// <summary>
    /// Asks how a call ended whose <see cref="CallState.OutcomeDueAt"/> has passed, and evaluates the policy for the answer. It may wait for the gateway, so an inbox calls it outside of
    /// its transactions.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The token that is cancelled when the host stops.</param>
    /// <returns>A task whose result is the answer, to be passed to <see cref="ResolveOutcome"/>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled. The call remains due.</exception>
    public async ValueTask<OutcomeAnswer> AskForOutcomeAsync(CallState call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var idInstance = call.History.Key.IdInstance;
        // While the instance is catching up, the outcome may be in the queue of the gateway.
        if (!HasJournal(idInstance) || _catchUp.IsCatchingUp(idInstance))
        {
            return AnswerWithoutJournal(idInstance);
        }

        var resolution = await ResolveAsync(call.History, cancellationToken).ConfigureAwait(false);
        return resolution.IsPostponed ? new() { AskAgainAt = resolution.AskAgainAt ?? _time.GetUtcNow() + OutcomePostponement } : CreateAnswer(idInstance, resolution);
    }

    /// <summary>Creates the answer for a call whose journal cannot be asked, and evaluates the policy for it.</summary>
    /// <param name="idInstance">The instance of the call.</param>
    /// <returns>The answer: the outcome remains unknown, or the question is postponed, because the instance is still catching up or the options of the policy are invalid.</returns>
    public OutcomeAnswer AnswerWithoutJournal(long idInstance) => _catchUp.IsCatchingUp(idInstance) ? Postpone() : CreateAnswer(idInstance, OutcomeResolution.None);

    /// <summary>Creates the answer that asks again in a minute.</summary>
    /// <returns>The answer.</returns>
    public OutcomeAnswer Postpone() => new() { AskAgainAt = _time.GetUtcNow() + OutcomePostponement };

    /// <summary>Resolves the missing outcome of a call.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="answer">The result of <see cref="AskForOutcomeAsync"/>.</param>
    /// <returns>The transition to write.</returns>
    public StateTransition ResolveOutcome(CallState before, OutcomeAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(answer);
        var earliest = _time.GetUtcNow() + MinAskInterval;
        var askAgainAt = answer.AskAgainAt < earliest ? earliest : answer.AskAgainAt;
        return before.OutcomeDueAt is null ? StateTransition.CreateUnchanged(before)
            : answer.Decision is not { } decision ? new() { State = before with { OutcomeDueAt = askAgainAt } }
            : answer.Entry is { } entry ? AcceptEntry(before, entry, decision)
            : AcceptMissingEntry(before, decision, askAgainAt);
    }

    /// <summary>Accepts an entry of the journal that nobody has asked for.</summary>
    private StateTransition AcceptEntry(CallState? before, ReceivedCallNotification received, CallJournalEntry entry)
    {
        var state = before ?? CreateState(received);
        return before is null && !received.CreatesCall ? StateTransition.CreateUnchanged(state, IntakeOutcome.Discarded)
            : before is not null && !IsNews(before.History, entry) ? StateTransition.CreateUnchanged(before, IntakeOutcome.Duplicate)
            : AcceptEntry(state, entry, received.Decision);
    }

    /// <summary>Creates the state of a call of which nothing is known yet.</summary>
    private static CallState CreateState(ReceivedCallNotification received) => new()
    {
        History = new() { Key = new(received.Notification.Instance.IdInstance, received.Notification.IdMessage), FirstReceivedAt = received.ReceivedAt },
        TouchedAt = received.ReceivedAt,
    };

    /// <summary>Whether an entry changes a call. Most entries only confirm what notifications have reported, and are not written.</summary>
    private static bool IsNews(CallHistory history, CallJournalEntry entry)
    {
        var fact = CallFact.FromJournal(entry);
        if (history.Contains(fact))
        {
            return false;
        }

        var call = CallProjection.Project(history);
        return CallProjection.IsHigher(fact, CallProjection.FindOutcome(history))
            || call.Anomalies.HasFlag(CallAnomalies.FromSelf)
            // An own call whose offer was lost.
            || (entry.Direction == CallDirection.Outgoing && call.Direction == CallDirection.Incoming);
    }

    private OutcomeAnswer CreateAnswer(long idInstance, OutcomeResolution resolution)
    {
        var entry = resolution.Entry is { HasOutcome: true } found ? found : null;
        return Decide(idInstance, entry) is { } decision ? new() { Entry = entry, Decision = decision, AskAgainAt = resolution.AskAgainAt } : Postpone();
    }

    private StateTransition AcceptEntry(CallState before, CallJournalEntry entry, CallDecision decision)
    {
        var now = _time.GetUtcNow();
        var transition = CallReducer.Accept(before.History, entry, decision.Kind == CallDecisionKind.Discard ? CallDecision.Track : decision, now, GetTreatments(before));
        if (transition.IsDuplicate)
        {
            return new() { State = before with { OutcomeDueAt = null } };
        }

        var released = EndJournalWaits(before, transition.Call, now);
        var added = DeliveryLifecycle.Add(released, transition, CreatePendingEvent(transition, now, null, null, []), outcomeDueAt: null, now) with { HasNamedCaller = true };
        return WithContacts(added, before.History, transition.Call);
    }

    private StateTransition AcceptMissingEntry(CallState before, CallDecision decision, DateTimeOffset? askAgainAt)
    {
        var now = _time.GetUtcNow();
        var call = CallProjection.Project(before.History);
        if (DeliveryLifecycle.WaitsForJournal(before))
        {
            if (askAgainAt < before.History.FirstReceivedAt + MaxJournalWait)
            {
                return new() { State = before with { OutcomeDueAt = askAgainAt } };
            }

            before = DeliveryLifecycle.EndJournalWaits(before, now, delivery => Options.OwnNumberCalls == CallTreatment.Ignore ? null : Release(delivery, call, now));
        }

        var timeoutAt = before.History.FirstReceivedAt + Options.OutcomeTimeout;
        if (call.Outcome != CallOutcome.None || Options.OutcomeTimeout == TimeSpan.Zero)
        {
            return new() { State = before with { OutcomeDueAt = call.Outcome > CallOutcome.Unknown ? null : askAgainAt } };
        }

        if (call.Anomalies.HasFlag(CallAnomalies.FromSelf) && timeoutAt > now)
        {
            return new() { State = before with { OutcomeDueAt = timeoutAt } };
        }

        var transition = decision.Kind == CallDecisionKind.Discard ? null : CallReducer.ResolveOutcome(before.History, decision, now, GetTreatments(before));
        return transition is null or { IsDuplicate: true }
            ? new() { State = before with { OutcomeDueAt = askAgainAt } }
            : DeliveryLifecycle.Add(before, transition, CreatePendingEvent(transition, now, null, null, []), askAgainAt, now);
    }

    private async ValueTask<OutcomeResolution> ResolveAsync(CallHistory history, CancellationToken cancellationToken)
    {
        try
        {
            return await _outcomes!.ResolveAsync(new() { Call = CallProjection.Project(history), FirstReceivedAt = history.FirstReceivedAt }, cancellationToken).ConfigureAwait(false);
        }
        catch (CallInboxUnavailableException) when (!cancellationToken.IsCancellationRequested)
        {
            // Reported by the inbox, which stores what the resolver has to know.
            return new() { IsPostponed = true };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.BackgroundTaskFailed(e);
            var now = _time.GetUtcNow();
            return new() { AskAgainAt = now < history.FirstReceivedAt + MaxFailedAge ? now + FailedAskInterval : null };
        }
    }

    /// <summary>
    /// Ends the waits for the journal of a call whose caller is known now. An own call is no incoming one: what waits is not delivered.
    /// </summary>
    private CallState EndJournalWaits(CallState before, Call call, DateTimeOffset now) => !DeliveryLifecycle.WaitsForJournal(before) ? before
        : DeliveryLifecycle.EndJournalWaits(before, now, delivery => call.Direction == CallDirection.Outgoing ? null : Release(delivery, call, now));

    /// <summary>Evaluates the policy for an entry of the journal, or else for an outcome that stays unknown; null when it has to be evaluated later.</summary>
    private CallDecision? Decide(long idInstance, CallJournalEntry? entry)
    {
        try
        {
            return _policy.Decide(new()
            {
                Kind = entry is null ? CallEventKind.OutcomeUnknown : CallFact.FromJournal(entry).Kind,
                Direction = entry?.Direction ?? CallDirection.Incoming,
                IdInstance = idInstance,
            });
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

    /// <summary>
    /// Gets when the outcome of a call is asked for; null for never. Of a call of the own number the journal is asked sooner, also when its outcome is known: it tells who called.
    /// </summary>
    private DateTimeOffset? GetOutcomeDueAt(CallState? before, CallTransition transition, ReceivedCallNotification received)
    {
        var timeout = Options.OutcomeTimeout;
        var dueAt = transition.Call.Outcome > CallOutcome.Unknown ? null
            : received.Notification is { Status: CallStatus.Offer, Direction: CallDirection.Incoming } && timeout > TimeSpan.Zero ? received.ReceivedAt + timeout
            : before?.OutcomeDueAt;
        if (!IsJournalAwaited(transition.Call, transition.History.FirstReceivedAt))
        {
            return dueAt;
        }

        return before?.OutcomeDueAt < transition.History.FirstReceivedAt + MaxJournalWait ? before.OutcomeDueAt : transition.History.FirstReceivedAt + _outcomes!.MinDelay;
    }

    private CallTreatments GetTreatments(CallState before) => GetTreatments(before.History.Key.IdInstance, before.History.FirstReceivedAt);

    /// <summary>Gets the treatments of a call. While the journal is awaited, what is stored of a call of the own number waits for it, whatever the option is.</summary>
    private CallTreatments GetTreatments(long idInstance, DateTimeOffset firstReceivedAt) => new()
    {
        OwnNumber = Options.OwnNumberCalls == CallTreatment.Record || IsJournalAwaited(idInstance, firstReceivedAt) ? CallTreatment.Record : Options.OwnNumberCalls,
        Group = Options.GroupCalls,
    };

    /// <summary>Whether deliveries of a call wait for the journal: it names the instance itself as the caller.</summary>
    private bool IsJournalAwaited(Call call, DateTimeOffset firstReceivedAt) =>
        call.Anomalies.HasFlag(CallAnomalies.FromSelf) && IsJournalAwaited(call.Key.IdInstance, firstReceivedAt);

    private bool IsJournalAwaited(long idInstance, DateTimeOffset firstReceivedAt) =>
        _rules.WaitsForJournal && HasJournal(idInstance) && firstReceivedAt + MaxJournalWait > _time.GetUtcNow();

    /// <summary>Makes a delivery due that has waited for the journal; one that wants the caller's name waits for that, which was not known before.</summary>
    private Delivery Release(Delivery delivery, Call call, DateTimeOffset now) =>
        _catalog.Find(delivery.HandlerName) is { WaitsForCallerName: true } && IsNameAwaited(call)
            ? delivery with { DueAt = now + _rules.GetNameWait(Options), WaitsFor = DeliveryWait.CallerName }
            : delivery with { DueAt = now, WaitsFor = DeliveryWait.None };
}
