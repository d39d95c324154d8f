using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Calls;

/// <summary>
/// Owns a call: stores each notification, acknowledges it, then runs the handlers. Turns may interleave, because all changes go through one
/// queue of writes; handlers run on the thread pool.
/// </summary>
/// <remarks>The grain is placed on the silo that received the notification, which saves a network hop.</remarks>
[Reentrant]
[PreferLocalPlacement]
// An idle call takes a few kilobytes, and its bucket wakes it when it is due. Most outcomes arrive within a minute.
[CollectionAgeLimit(Minutes = IdleMinutes)]
[Immovable]
[GrainType(Type)]
internal sealed partial class CallGrain : Grain, ICallGrain, IStateWriteParticipant<CallGrainState>
{
    public const string Type = "incoming-calls.call";

    private const int IdleMinutes = 2;

    private readonly CallGrainServices _context;
    private readonly CallTransitions _transitions;
    private readonly BatchedStateWriter<CallGrainState> _state;
    private readonly CallWakeUpRegistration _wakeUp;
    private readonly CallTaskRunner _tasks;
    private IGrainTimer? _timer;
    private bool _isOwnedByAnotherActivation;

    /// <summary>Whether this activation knows that the person of the call lists it.</summary>
    private bool _isListed;

    /// <summary>Whether the lookup of the caller's name was awaited since the last event. One that ends without a name would be repeated forever.</summary>
    private bool _hasAwaitedName;

    public CallGrain(IGrainContext grainContext, CallGrainServices context)
    {
        _context = context;
        _transitions = context.Transitions;
        _wakeUp = new(grainContext, context);
        _state = context.StateFactory.CreateForCall(grainContext, this);
        _tasks = new(this, context.Logger);
    }

    private CallGrainState State => _state.Current;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        // Work that is due was stored by another activation, which may still run it. The bucket wakes this grain if that activation is gone.
        _isOwnedByAnotherActivation = State.DueAt <= _context.Time.GetUtcNow();
    }

    public async Task<AcceptOutcome> AcceptAsync(JsonPayload received)
    {
        var notification = received.ToModel<ReceivedCallNotification>();
        if (notification.JournalEntry is null)
        {
            _transitions.RecordLag(notification);
        }

        var erasures = await _context.Erasures.GetAsync();
        var transition = await ApplyAsync(call => _transitions.Accept(call, notification, erasures));
        await ApplyContactsAsync();
        return transition.Outcome switch
        {
            IntakeOutcome.Duplicate => AcceptOutcome.Duplicate,
            IntakeOutcome.Tracked => AcceptOutcome.Tracked,
            IntakeOutcome.Discarded => AcceptOutcome.Discarded,
            _ => AcceptOutcome.Stored,
        };
    }

    public async Task ReplayAsync(JsonPayload letter)
    {
        var entry = letter.ToModel<DeadLetterEntry>();
        await _context.Grains.GetGrain<IHandlerValuesGrain>(HandlerValueLocation.Of(entry.Handler, entry.Event.Call).ToGrainKey()).RenewAsync(entry.FailedAt);
        await _state.ApplyAsync(state => state.WithoutDeadLetter(entry).WithTransition(_transitions.Replay(state.Call, entry), _context.Buckets.ChooseBucket));
        ContinueWork();
    }

    public async Task<WakeUpEntry?> WakeUpAsync(int bucket, long generation)
    {
        if (_isOwnedByAnotherActivation || !IsCurrentEntry(bucket, generation) || State.DueAt > _context.Time.GetUtcNow())
        {
            // The bucket has an entry that this activation does not have: another activation may have written the call and be gone.
            await _state.ReloadAsync();
        }

        if (!IsCurrentEntry(bucket, generation))
        {
            return null;
        }

        _isOwnedByAnotherActivation = false;
        _wakeUp.MarkRegistered(State);
        ContinueWork(isWokenUp: true);
        return State.ToWakeUpEntry();
    }

    public async Task<bool> TryDeleteAsync(DateTimeOffset unchangedSince)
    {
        await _state.WaitUntilIdleAsync();
        if (State.DueAt is not null || State.Call?.TouchedAt > unchangedSince)
        {
            return false;
        }

        var deleted = State.Call;
        await _state.ClearAsync();
        DeactivateOnIdle();
        await RemoveFromPersonAsync(deleted);
        return true;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        await _tasks.DrainAsync(cancellationToken);
        if (State.DeadLetters.Count > 0)
        {
            await TransferRemainingDeadLettersAsync();
        }

        await _state.WaitUntilIdleAsync();
        await FlushWakeUpAsync(cancellationToken);
    }

    /// <summary>Delays the deactivation of the grain by a time; zero cancels an earlier delay.</summary>
    internal void KeepActive(TimeSpan time) => DelayDeactivation(time);

    /// <summary>Starts the due tasks and sets the timer for the next ones.</summary>
    /// <param name="isWokenUp">Whether the bucket has woken the call. The pause of a destination may have ended, so what waits for a destination asks again.</param>
    internal void ContinueWork(bool isWokenUp = false)
    {
        _wakeUp.ReportState(State);
        if (_isOwnedByAnotherActivation || _tasks.IsDraining || State.Call is not { } call)
        {
            return;
        }

        if (State.Contacts is not null)
        {
            _tasks.Start((CallTaskKind.Contacts, ""), stopping => RetryUntilStoppedAsync(ApplyContactsAsync, stopping));
            if (!_hasPersonFailed)
            {
                // What is due starts when the callback of the person is stored, since a handler may look for it; also when it cannot be stored now.
                return;
            }
        }

        if (State.DeadLetters.Count > 0)
        {
            _tasks.Start((CallTaskKind.DeadLetterTransfer, ""), stopping => RetryUntilStoppedAsync(() => TransferDeadLettersAsync(_tasks.DrainToken), stopping));
        }

        if (!_context.Stopping.IsCancellationRequested)
        {
            StartDueTasks(call, isWokenUp);
        }
    }

    Task IStateWriteParticipant<CallGrainState>.OnWritingAsync(CallGrainState next) => _wakeUp.EnsureRegisteredAsync(next);

    /// <summary>
    /// Another activation writes this call and runs its tasks. This one starts no more tasks and deactivates; what the other one does not finish
    /// is resumed by the bucket a few seconds after it was due.
    /// </summary>
    void IStateWriteParticipant<CallGrainState>.OnConflict()
    {
        _isOwnedByAnotherActivation = true;
        _context.Liveness.Suspect();
        DeactivateOnIdle();
    }

    private bool IsCurrentEntry(int bucket, long generation) => State.Bucket == bucket && State.Generation == generation;

    /// <summary>Applies a state transition and starts the due tasks when it is stored.</summary>
    /// <exception cref="CallInboxUnavailableException">The transition cannot be stored.</exception>
    private async Task<StateTransition> ApplyAsync(Func<CallState?, StateTransition> change)
    {
        StateTransition transition = null!;
        await _state.ApplyAsync(state => state.WithTransition(transition = change(state.Call), _context.Buckets.ChooseBucket));
        _transitions.ReportCommitted(transition);
        _hasAwaitedName &= transition.NewEvent is null;
        ContinueWork();
        return transition;
    }

    /// <summary>Applies a state transition, unless the call was erased.</summary>
    /// <exception cref="CallInboxUnavailableException">The transition cannot be stored.</exception>
    private Task ChangeAsync(Func<CallState, StateTransition> change) => State.Call is null ? Task.CompletedTask : ApplyAsync(call => change(call!));

    private void StartDueTasks(CallState call, bool isWokenUp)
    {
        var now = _context.Time.GetUtcNow();
        DateTimeOffset? nextDueAt = null;
        foreach (var lane in call.GetLanes())
        {
            if (lane.DueAt <= now || _transitions.IsSignalled(call, lane) || (isWokenUp && lane.WaitsFor == DeliveryWait.Destination))
            {
                StartLane(lane);
                continue;
            }

            nextDueAt = nextDueAt < lane.DueAt ? nextDueAt : lane.DueAt;
            if (lane.WaitsFor == DeliveryWait.CallerName && !_hasAwaitedName)
            {
                StartNameWait(call.History, lane.DueAt - now);
            }
        }

        ArmTimer(nextDueAt - now);
    }

    private void StartLane(Lane lane)
    {
        if (lane.Next is { } attempt)
        {
            _tasks.Start((CallTaskKind.Attempt, lane.HandlerName), stopping => RunAttemptAsync(attempt, stopping));
        }
        else
        {
            _tasks.Start((CallTaskKind.OutcomeTimeout, ""), ResolveOutcomeAsync);
        }
    }

    private void StartNameWait(CallHistory history, TimeSpan maxWait)
    {
        _hasAwaitedName = true;
        _tasks.Start((CallTaskKind.CallerName, ""), _ => WaitForCallerNameAsync(history, maxWait));
    }

    private void ArmTimer(TimeSpan? wait)
    {
        if (wait is null || wait >= TimeSpan.FromMinutes(IdleMinutes))
        {
            // The grain is deactivated before that, and the bucket wakes it. A timer would cost the runtime work for every call that awaits its outcome.
            _timer?.Dispose();
            _timer = null;
        }
        else
        {
            _timer ??= this.RegisterGrainTimer(OnTimerAsync, new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
            _timer.Change(wait.Value, Timeout.InfiniteTimeSpan);
        }
    }

    private Task OnTimerAsync()
    {
        ContinueWork();
        return Task.CompletedTask;
    }

    private async Task RunAttemptAsync(DeliveryAttempt attempt, CancellationToken stopping)
    {
        var known = State.Call!;
        AttemptAdmission? admission = null;
        var isStarting = false;
        var turns = TaskScheduler.Current;
        AttemptReport? report;
        try
        {
            // On the thread pool: a handler may block, and it may start tasks on the current scheduler. Whether it may start is decided in a turn of this grain.
            report = await Task.Run(() => _context.Runner.TryRunAsync(() => State.Call ?? known, attempt, StartTurn, stopping).AsTask(), CancellationToken.None);
        }
        catch (Exception e) when (isStarting && (e is not OperationCanceledException || !stopping.IsCancellationRequested))
        {
            _context.Logger.BackgroundTaskFailed(e);
            report = new() { Attempt = attempt, Outcome = AttemptOutcome.Failed, Error = e.GetType().Name };
        }

        var pause = admission?.Pause?.ToModel<DestinationPause>();
        if (report is null && State.Call is null)
        {
            // The call was erased.
            return;
        }

        if (report is null)
        {
            await WaitAsync(attempt, admission!, pause, stopping);
            return;
        }

        report = report with { IsProbe = pause is not null };
        DestinationPauseChange? change = null;
        if (pause is not null || report.Destination is not null)
        {
            await RetryUntilStoppedAsync(async () => change = await _context.Destinations.ChangePauseAsync(report, pause), stopping);
        }

        await RetryUntilStoppedAsync(() => ChangeAsync(call => _transitions.Settle(call, report, change)), stopping);

        ValueTask<bool> StartTurn() => new(Task.Factory.StartNew(TryStartAsync, CancellationToken.None, TaskCreationOptions.None, turns).Unwrap());

        // With the slot acquired: a pause may have begun during the wait for it, and a permit is used when it is taken.
        async Task<bool> TryStartAsync()
        {
            if (State.Call is null)
            {
                return false;
            }

            if (_context.Destinations.MayHoldBack(attempt.Delivery))
            {
                await RetryUntilStoppedAsync(async () => admission = await _context.Destinations.AdmitAsync(attempt).WaitAsync(_tasks.DrainToken), stopping);
                if (admission!.MustWait)
                {
                    return false;
                }

                if (admission.At - _context.Time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _context.Time, _tasks.DrainToken);
                }
            }

            await _context.Liveness.EnsureAliveAsync().WaitAsync(stopping);
            return isStarting = true;
        }
    }

    /// <summary>Lets a delivery wait for its destination or for a permit, or gives it up when it has waited for too long.</summary>
    private Task WaitAsync(DeliveryAttempt attempt, AttemptAdmission admission, DestinationPause? pause, CancellationToken stopping)
    {
        if (pause is not null && !admission.IsBeingProbed && _transitions.Expire(attempt, pause) is { } expired)
        {
            var unchanged = new DestinationPauseChange { Handler = pause.Handler, Destination = pause.Destination, Before = pause, After = pause };
            return RetryUntilStoppedAsync(() => ChangeAsync(call => _transitions.Settle(call, expired, unchanged)), stopping);
        }

        return RetryUntilStoppedAsync(() => ChangeAsync(call => CallTransitions.Postpone(call, attempt, admission.At, pause is null ? DeliveryWait.Permit : DeliveryWait.Destination)), stopping);
    }

    /// <summary>
    /// Waits for the end of the lookup of the caller's name, which is the signal that makes deliveries due earlier. Ends when they are due without
    /// it, and when the grain is deactivated.
    /// </summary>
    private async Task WaitForCallerNameAsync(CallHistory history, TimeSpan maxWait)
    {
        using var timeout = new CancellationTokenSource(maxWait, _context.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _tasks.DrainToken);
        try
        {
            await _context.Names.WaitForLookupAsync(history, ending.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // The deliveries are due without the name.
        }
    }

    private async Task ResolveOutcomeAsync(CancellationToken stopping)
    {
        var (asked, draining) = (State.Call!, _tasks.DrainToken);
        var answer = await Task.Run(() => _transitions.AskForOutcomeAsync(asked, draining).AsTask(), CancellationToken.None);
        await RetryUntilStoppedAsync(() => ChangeAsync(call => _transitions.ResolveOutcome(call, answer)), stopping);
        await RetryUntilStoppedAsync(ApplyContactsAsync, stopping);
    }

    /// <summary>Sends the buffered update of the bucket before the grain is deactivated, because the silo may be stopping.</summary>
    private async Task FlushWakeUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _wakeUp.FlushStateAsync(State).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The deactivation timed out. The bucket gets the state when it wakes the call.
        }
    }

    /// <summary>Retries until the action succeeds or the grain stops. The result of an attempt must be stored, or the attempt would be repeated.</summary>
    private async Task RetryUntilStoppedAsync(Func<Task> action, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested && !(e is OperationCanceledException && _tasks.IsDraining))
            {
                _context.Logger.GrainUnreachable(GrainContext.GrainId.Type.ToString()!, e);
                await Task.Delay(TimeSpan.FromSeconds(1), _context.Time, stopping);
            }
        }
    }
}
