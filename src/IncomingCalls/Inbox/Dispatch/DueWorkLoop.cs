using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Callers;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Shared;

namespace IncomingCalls.Inbox;

/// <summary>
/// The engine of an inbox of one process: finds due work in a store, runs it, and settles it. The loop looks for due work in intervals; what a
/// commit reports as due starts at once.
/// </summary>
/// <remarks><see cref="OnCommitted"/> belongs to the store, see <see cref="ICallStore"/>. The other members are thread-safe.</remarks>
[Experimental("ICEXP001")]
public sealed class DueWorkLoop : IDisposable
{
    /// <summary>How long to wait before the result of an attempt is posted again that the store could not commit.</summary>
    private static readonly TimeSpan SettleRetryDelay = TimeSpan.FromSeconds(1);

    private readonly ICallStore _store;
    private readonly CallTransitions _transitions;
    private readonly AttemptRunner _runner;
    private readonly TimeProvider _time;
    private readonly ActiveCalls _activeCalls;
    private readonly DestinationGates _gates;
    private readonly EarliestTimer _permitTimer;
    private readonly CallerNameWaits _nameWaits = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly InFlightTracker _delayedPosts = new();
    private readonly Lock _queryGate = new();
    private ITimer? _timer;
    private bool _isQuerying;
    private bool _isQueryWanted;
    private volatile bool _isStopping;

    /// <summary>Initializes the loop. It does nothing before <see cref="Start"/>, except that it starts what the store reports.</summary>
    /// <param name="store">The store.</param>
    /// <param name="transitions">The transitions of the inbox.</param>
    /// <param name="runner">The runner of attempts.</param>
    /// <param name="time">The clock.</param>
    public DueWorkLoop(ICallStore store, CallTransitions transitions, AttemptRunner runner, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(time);
        _store = store;
        _transitions = transitions;
        _runner = runner;
        _time = time;
        _permitTimer = new(QueryDue, time);
        _gates = new(transitions, time) { PermitExpected = _permitTimer.Arm };
        _activeCalls = new(transitions, _nameWaits, _gates, time) { Start = StartLane, Expire = ExpireDelivery, Load = load => store.Post(load) };
        transitions.Names.LookupEnded += OnLookupEnded;
    }

    /// <summary>Starts to look for due work.</summary>
    /// <param name="interval">How often the store is queried, and so how late work can start at most that becomes due by its time.</param>
    public void Start(TimeSpan interval) => _timer = _time.CreateTimer(_ => QueryDue(), null, TimeSpan.Zero, interval);

    /// <summary>
    /// Starts the lookups of the names that stored calls wait for. To be called once after <see cref="Start"/>: lookups end with the process.
    /// </summary>
    /// <param name="calls">The calls with a lane that waits for the caller's name.</param>
    public void ResumeNameWaits(IReadOnlyList<CallKey> calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        if (calls.Count > 0)
        {
            _store.Post(new CallLoad(calls, (loaded, _) =>
            {
                foreach (var call in loaded)
                {
                    _transitions.StartLookup(call);
                }

                _activeCalls.OnSignalled(loaded);
            }));
        }
    }

    /// <summary>Accepts a notification.</summary>
    /// <param name="received">The notification.</param>
    /// <param name="cancellationToken">Ends the wait. The notification may be stored nevertheless.</param>
    /// <returns>A task that completes with the outcome when the notification is committed.</returns>
    /// <exception cref="UnreadableCallException">The stored state of the call cannot be read.</exception>
    /// <exception cref="CallInboxUnavailableException">The notification was not committed, or the host is stopping.</exception>
    public Task<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(received);
        var change = new AcceptChange(received, _transitions);
        ThrowIfRefused(!_isStopping && _store.Post(change));
        return change.Result.WaitAsync(cancellationToken);
    }

    /// <summary>Reports the calls that a batch has changed. To be called by the store after the callbacks of every batch.</summary>
    /// <param name="changed">The committed states; empty when the batch has changed none.</param>
    public void OnCommitted(IReadOnlyCollection<CallState> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        _activeCalls.OnCommitted(changed);
    }

    /// <summary>
    /// Stops the loop: accepts nothing more, starts no further attempts, and waits until the running ones end. Their results are posted to the
    /// store when the task completes; the store must commit them before it closes.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; signalled when the shutdown timeout of the host has elapsed.</param>
    /// <returns>A task that completes when no attempt is running any more, or when the remaining ones were cancelled.</returns>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _transitions.Names.LookupEnded -= OnLookupEnded;
        _isStopping = true;
        _activeCalls.Stop();
        _timer?.Dispose();
        _permitTimer.Dispose();
        await _runner.DrainAsync(cancellationToken).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _delayedPosts.WaitUntilIdleAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _permitTimer.Dispose();
        _closing.Dispose();
    }

    /// <summary>Gets until when the due deliveries of a group wait for their destination or for a permit; null when they do not. To be called as the callbacks of the store are.</summary>
    internal DateTimeOffset? GetHeldBackUntil(LaneGroup group) => _gates.GetHeldBackUntil(group, _time.GetUtcNow());

    /// <summary>Throws if the store did not take a notification.</summary>
    internal static void ThrowIfRefused(bool isPosted)
    {
        if (!isPosted)
        {
            throw new CallInboxUnavailableException("The inbox is closed because the host is stopping. The gateway sends the notification again.");
        }
    }

    /// <summary>Starts what is due, without waiting for the next query, and waits until no attempt is running and no work is due.</summary>
    /// <exception cref="InvalidOperationException">What is due does not start, because the inbox is stopping or closed; or the store cannot be read.</exception>
    internal async Task WaitUntilNothingIsDueAsync()
    {
        IReadOnlyList<LaneGroup> due;
        do
        {
            await _runner.WaitUntilIdleAsync().ConfigureAwait(false);
            // The lane of a result that is to be posted again is due, and does not start.
            await _delayedPosts.WaitUntilIdleAsync().ConfigureAwait(false);
            due = await StartDueAsync().ConfigureAwait(false);
            if (due.Count > 0 && _isStopping)
            {
                throw new InvalidOperationException("The inbox is stopping, so what is due does not start.");
            }
        }
        while (due.Count > 0 || _runner.InFlight > 0);
    }

    private Task<IReadOnlyList<LaneGroup>> StartDueAsync()
    {
        var found = new TaskCompletionSource<IReadOnlyList<LaneGroup>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var query = new DueQuery(
            (groups, pauses) =>
            {
                var now = _time.GetUtcNow();
                OnDue(groups, pauses);
                found.SetResult([.. groups.Where(group => _gates.MayLoad(group, now))]);
            },
            () => found.SetException(new InvalidOperationException("The store cannot be read.")));
        return _store.Post(query) ? found.Task : throw new InvalidOperationException("The inbox is closed.");
    }

    private void QueryDue()
    {
        // One query at a time, and one more if it was requested meanwhile: a store that is busy for longer than the interval must not collect them.
        lock (_queryGate)
        {
            if (_isQuerying)
            {
                _isQueryWanted = true;
                return;
            }

            _isQuerying = true;
        }

        _store.Post(new DueQuery(
            (groups, pauses) =>
            {
                OnDue(groups, pauses);
                OnQueried();
            },
            OnQueried));
    }

    private void OnQueried()
    {
        bool isWanted;
        lock (_queryGate)
        {
            (isWanted, _isQueryWanted, _isQuerying) = (_isQueryWanted, false, false);
        }

        if (isWanted)
        {
            QueryDue();
        }
    }

    private void OnDue(IReadOnlyList<LaneGroup> groups, IReadOnlyList<DestinationPause>? pauses)
    {
        if (pauses is not null)
        {
            _gates.Synchronize(pauses);
        }

        // In random order, since groups may share the permits of a rate limit.
        var shuffled = groups.ToArray();
        Random.Shared.Shuffle(shuffled);
        Array.ForEach(shuffled, _activeCalls.OnDue);
    }

    /// <summary>The signal that ends the wait for a name: loads the calls that wait for it. Nothing is written.</summary>
    private void OnLookupEnded(CallerNameLookupEnded lookup)
    {
        if (_nameWaits.Take(lookup.IdInstance, lookup.ChatId) is { Count: > 0 } keys)
        {
            _store.Post(new CallLoad(keys, (calls, _) => _activeCalls.OnSignalled(calls)));
        }
    }

    private void StartLane(ActiveCall call, Lane lane, bool isProbe)
    {
        if (lane.Next is { } attempt)
        {
            _runner.Start(() => call.Current, attempt, report => _store.Post(new SettleChange(this, call, report with { IsProbe = isProbe })));
        }
        else
        {
            _runner.Start(async stopping => _store.Post(new OutcomeChange(this, call, await _transitions.AskForOutcomeAsync(call.Current, stopping).ConfigureAwait(false))));
        }
    }

    private void ExpireDelivery(ActiveCall call, DeliveryAttempt attempt) =>
        _store.Post(new SettleChange(this, call, CallTransitions.CreateExpiredReport(attempt, _gates.Find(attempt.Delivery.HandlerName, attempt.Delivery.Destination)!)));

    /// <summary>
    /// Posts a change again that the store could not commit, after a delay, or at once and for the last time when the inbox closes. The result of a
    /// finished attempt must be stored, or the handler would run again.
    /// </summary>
    private async Task PostAgainAsync(CallChange change)
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        _delayedPosts.Begin();
        await Task.Delay(SettleRetryDelay, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _store.Post(change);
        _delayedPosts.End();
    }

    /// <summary>Creates the transition of a call that was deleted meanwhile, because its event was given up, or because it was erased. Nothing more of it is due.</summary>
    private static StateTransition CreateDeleted(ActiveCall call) => StateTransition.CreateUnchanged(call.Current with { PendingEvents = [], OutcomeDueAt = null });

    /// <summary>Accepts a notification. The transport may acknowledge it when <see cref="Result"/> completes.</summary>
    private sealed class AcceptChange(ReceivedCallNotification received, CallTransitions transitions)
        : CallChange(new(received.Notification.Instance.IdInstance, received.Notification.IdMessage))
    {
        private readonly TaskCompletionSource<IntakeResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IntakeResult> Result => _result.Task;

        public override StateTransition Apply(CallState? before, ErasureList? erasures) => transitions.Accept(before, received, erasures);

        public override void OnCommitted(StateTransition transition)
        {
            _result.SetResult(new() { Outcome = transition.Outcome });
            transitions.ReportCommitted(transition);
        }

        public override void OnRolledBack(Exception reason) =>
            _result.SetException(reason as UnreadableCallException ?? new CallInboxUnavailableException($"The notification was not stored: {reason.Message}", reason));
    }

    /// <summary>Settles a delivery.</summary>
    private sealed class SettleChange(DueWorkLoop loop, ActiveCall call, AttemptReport report) : CallChange(call.Key)
    {
        public override StateTransition Apply(CallState? before, ErasureList? erasures) =>
            before is null ? CreateDeleted(call) : loop._transitions.Settle(before, report, FindPause());

        public override void OnCommitted(StateTransition transition)
        {
            if (transition.PauseChange is { } change)
            {
                loop._gates.Apply(change);
            }

            loop._activeCalls.OnLaneEnded(call, report.Attempt.Delivery.HandlerName, transition.State);
            loop._transitions.ReportCommitted(transition);
        }

        public override void OnRolledBack(Exception reason) => _ = loop.PostAgainAsync(this);

        private DestinationPause? FindPause() => loop._gates.Find(report.Attempt.Delivery.HandlerName, report.Destination ?? report.Attempt.Delivery.Destination);
    }

    /// <summary>Resolves the missing outcome of a call.</summary>
    private sealed class OutcomeChange(DueWorkLoop loop, ActiveCall call, OutcomeAnswer answer) : CallChange(call.Key)
    {
        public override StateTransition Apply(CallState? before, ErasureList? erasures) => before is null ? CreateDeleted(call) : loop._transitions.ResolveOutcome(before, answer);

        public override void OnCommitted(StateTransition transition)
        {
            loop._activeCalls.OnLaneEnded(call, Lane.OutcomeTimeoutName, transition.State);
            loop._transitions.ReportCommitted(transition);
        }

        public override void OnRolledBack(Exception reason) => _ = loop.PostAgainAsync(this);
    }
}
