using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.StoredItems;
using IncomingCalls.Orleans.Telemetry;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Calls;

/// <summary>
/// Owns a call: writes what is reported, acknowledges, then handles. Turns may interleave, since everything that changes goes through
/// one line of writes; handlers run on the thread pool.
/// </summary>
/// <remarks>Placed where the notification came in, which spares a hop.</remarks>
[Reentrant]
[PreferLocalPlacement]
// An idle call takes a few kilobytes, and the bucket wakes it when it is due. The outcome of a call mostly comes within a minute.
[CollectionAgeLimit(Minutes = IdleMinutes)]
[Immovable]
[GrainType(Type)]
internal sealed class CallGrain : Grain, ICallGrain, IStateWriteParticipant<CallGrainState>
{
    public const string Type = "incoming-calls.call";

    private const int IdleMinutes = 2;

    private static readonly TimeSpan FinalTransferTimeout = TimeSpan.FromSeconds(2);

    private readonly CallGrainContext _context;
    private readonly InboxServices _services;
    private readonly BatchedStateWriter<CallGrainState> _state;
    private readonly CallWakeUpRegistration _wakeUp;
    private readonly CallTaskRunner _tasks;
    private IGrainTimer? _timer;
    private bool _isOwnedByAnotherActivation;

    public CallGrain(IGrainContext grainContext, CallGrainContext context)
    {
        _context = context;
        _services = context.Services;
        _wakeUp = new(grainContext, context);
        _state = context.StateFactory.CreateForCall(grainContext, this);
        _tasks = new(this, context.Logger);
    }

    private CallGrainState State => _state.Current;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        // What is due and was not taken in here, whoever wrote it is at work on, unless that one is gone: the bucket knows when it is time to find out.
        _isOwnedByAnotherActivation = State.DueAt <= _context.Time.GetUtcNow();
    }

    public async Task<AcceptOutcome> AcceptAsync(JsonPayload received)
    {
        var notification = received.ToModel<ReceivedCallNotification>();
        _services.RecordLag(notification);
        var step = await ApplyAsync(call => _services.ApplyNotification(call, notification));
        return step.Outcome switch
        {
            IntakeOutcome.Duplicate => AcceptOutcome.Duplicate,
            IntakeOutcome.Tracked => AcceptOutcome.Tracked,
            _ => AcceptOutcome.Stored,
        };
    }

    public async Task ReplayAsync(JsonPayload letter)
    {
        var dead = letter.ToModel<DeadLetterEntry>();
        await _state.ApplyAsync(record => record.WithoutDeadLetter(dead).WithTransition(_services.Replay(record.Call, dead), _context.Buckets.ChooseBucket));
        ContinueWork();
    }

    public async Task<WakeUpEntry?> WakeUpAsync(int bucket, long ticket)
    {
        if (_isOwnedByAnotherActivation || !IsCurrentEntry(bucket, ticket) || State.DueAt > _context.Time.GetUtcNow())
        {
            // The bucket knows of something to do, and this activation does not: another one may have written the call, and be gone.
            await _state.ReloadAsync();
        }

        if (!IsCurrentEntry(bucket, ticket))
        {
            return null;
        }

        _isOwnedByAnotherActivation = false;
        _wakeUp.MarkRegistered(State);
        ContinueWork();
        return State.ToWakeUpEntry();
    }

    public async Task<bool> TryDeleteAsync(DateTimeOffset untouchedSince)
    {
        await _state.WaitUntilIdleAsync();
        if (State.DueAt is not null || State.Call?.TouchedAt > untouchedSince)
        {
            return false;
        }

        await _state.ClearAsync();
        DeactivateOnIdle();
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

    /// <summary>Keeps the grain in memory for a time; zero takes back what was asked for before.</summary>
    internal void KeepActive(TimeSpan time) => DelayDeactivation(time);

    /// <summary>Begins whatever is due, and sees to it that the rest is begun in time.</summary>
    internal void ContinueWork()
    {
        _wakeUp.ReportState(State);
        if (_isOwnedByAnotherActivation || _tasks.IsDraining || State.Call is not { } call)
        {
            return;
        }

        if (State.DeadLetters.Count > 0)
        {
            _tasks.Start((CallTaskKind.DeadLetterTransfer, ""), stopping => RetryUntilStoppedAsync(() => TransferDeadLettersAsync(_tasks.DrainToken), stopping));
        }

        if (!_context.Stopping.IsCancellationRequested)
        {
            StartDueTasks(call);
        }
    }

    Task IStateWriteParticipant<CallGrainState>.OnWritingAsync(CallGrainState next) => _wakeUp.EnsureRegisteredAsync(next);

    /// <summary>
    /// Another activation writes this call, and is at work on what it wrote. So this one begins nothing more and goes; what the other one does not
    /// finish the bucket wakes, a few seconds after it was due.
    /// </summary>
    void IStateWriteParticipant<CallGrainState>.OnConflict()
    {
        _isOwnedByAnotherActivation = true;
        _context.Liveness.Suspect();
        DeactivateOnIdle();
    }

    private bool IsCurrentEntry(int bucket, long ticket) => State.Bucket == bucket && State.Generation == ticket;

    /// <summary>Makes a step of the call, and goes on when it is written.</summary>
    /// <exception cref="CallInboxUnavailableException">It cannot be written.</exception>
    private async Task<StateTransition> ApplyAsync(Func<CallState?, StateTransition> change)
    {
        StateTransition step = null!;
        await _state.ApplyAsync(record => record.WithTransition(step = change(record.Call), _context.Buckets.ChooseBucket));
        _services.ReportCommitted(step);
        ContinueWork();
        return step;
    }

    private void StartDueTasks(CallState call)
    {
        var now = _context.Time.GetUtcNow();
        foreach (var run in call.DueAttempts(now))
        {
            _tasks.Start((CallTaskKind.Attempt, run.Delivery.HandlerName), stopping => RunAttemptAsync(run, stopping));
        }

        if (call.OutcomeDueAt <= now)
        {
            _tasks.Start((CallTaskKind.OutcomeTimeout, ""), ResolveOutcomeAsync);
        }

        ArmTimer(call, now);
    }

    private void ArmTimer(CallState call, DateTimeOffset now)
    {
        var wait = call.DueAt - now;
        if (wait is null || wait >= TimeSpan.FromMinutes(IdleMinutes))
        {
            // By then the grain is gone, and the bucket wakes the call. Every timer costs the runtime a look at it, and each call waits for an outcome.
            _timer?.Dispose();
            _timer = null;
        }
        else if (wait > TimeSpan.Zero)
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

    private async Task RunAttemptAsync(DeliveryAttempt run, CancellationToken stopping)
    {
        await _context.Liveness.EnsureAliveAsync().WaitAsync(stopping);
        AttemptReport report;
        try
        {
            // Not in the grain's turns: a handler may block, and it may start tasks on whatever scheduler it finds.
            report = await Task.Run(() => _services.RunAttemptAsync(() => State.Call!, run, stopping).AsTask(), CancellationToken.None);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            _context.Logger.WorkFailed(e);
            report = new() { Attempt = run, Outcome = AttemptOutcome.Failed, Error = e.GetType().Name };
        }

        await RetryUntilStoppedAsync(() => ApplyAsync(call => _services.Settle(call!, report)), stopping);
    }

    private async Task ResolveOutcomeAsync(CancellationToken stopping)
    {
        var idInstance = State.Call!.History.Key.IdInstance;
        var decision = await Task.Run(() => _services.DecideOutcomeUnknown(idInstance), CancellationToken.None);
        await RetryUntilStoppedAsync(() => ApplyAsync(call => _services.ApplyOutcomeTimeout(call!, decision)), stopping);
    }

    /// <summary>Gives dead letters to the shelf. Until it has one, the letter is safe where it is.</summary>
    private async Task TransferDeadLettersAsync(CancellationToken cancellationToken)
    {
        while (State.DeadLetters is [var letter, ..])
        {
            // The bucket first: who sees the letter does not find it among the owed as well.
            await _wakeUp.FlushStateAsync(State).WaitAsync(cancellationToken);
            await _context.Grains.GetGrain<IDeadLettersGrain>(0).PutAsync(JsonPayload.FromModel(letter)).WaitAsync(cancellationToken);
            await _state.ApplyAsync(record => record.WithoutDeadLetter(letter).WithBucket(_context.Buckets.ChooseBucket));
        }
    }

    /// <summary>Once more, for what a handler gave up while the silo stops. The shelf may be stopping as well, and is not waited for.</summary>
    private async Task TransferRemainingDeadLettersAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(FinalTransferTimeout, _context.Time);
            await TransferDeadLettersAsync(limit.Token);
        }
        catch (Exception e)
        {
            _context.Logger.GrainUnreachable(nameof(DeadLettersGrain), e);
        }
    }

    /// <summary>The silo may be about to end, and what is gathered with it.</summary>
    private async Task FlushWakeUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _wakeUp.FlushStateAsync(State).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // No time is left. The bucket finds out by waking the call.
        }
    }

    /// <summary>What a handler has done must be written, or it would do it twice: the storage is tried until it works, or the grain goes.</summary>
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
