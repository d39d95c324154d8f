using IncomingCalls.Inboxes;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls;

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
internal sealed class CallGrain : Grain, ICallGrain, IWriteCompanion<CallRecord>
{
    public const string Type = "incoming-calls.call";

    private const int IdleMinutes = 2;

    private static readonly TimeSpan LastHandOver = TimeSpan.FromSeconds(2);

    private readonly CallGrainContext _context;
    private readonly InboxServices _services;
    private readonly SharedWrites<CallRecord> _writes;
    private readonly CallBucketEntry _entry;
    private readonly CallWork _work;
    private IGrainTimer? _timer;
    private bool _isLeftToAnother;

    public CallGrain(IGrainContext grainContext, CallGrainContext context)
    {
        _context = context;
        _services = context.Services;
        _entry = new(grainContext, context);
        _writes = context.States.OpenCall(grainContext, this);
        _work = new(this, context.Logger);
    }

    private CallRecord Record => _writes.Current;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _writes.LoadAsync();
        // What is due and was not taken in here, whoever wrote it is at work on, unless that one is gone: the bucket knows when it is time to find out.
        _isLeftToAnother = Record.DueAt <= _context.Time.GetUtcNow();
    }

    public async Task<AcceptedAs> AcceptAsync(WireForm received)
    {
        var notification = received.Read<ReceivedCallNotification>();
        _services.NoteLag(notification);
        var step = await ChangeAsync(call => _services.Take(call, notification));
        return step.Outcome switch
        {
            IntakeOutcome.Repeat => AcceptedAs.Repeat,
            IntakeOutcome.Tracked => AcceptedAs.Tracked,
            _ => AcceptedAs.Stored,
        };
    }

    public async Task ReplayAsync(WireForm letter)
    {
        var dead = letter.Read<DeadEvent>();
        await _writes.ApplyAsync(record => record.Without(dead).After(_services.Replay(record.Call, dead), _context.Buckets.Next));
        GoOn();
    }

    public async Task<DueCall?> WakeAsync(int bucket, long ticket)
    {
        if (_isLeftToAnother || !IsNotedAs(bucket, ticket) || Record.DueAt > _context.Time.GetUtcNow())
        {
            // The bucket knows of something to do, and this activation does not: another one may have written the call, and be gone.
            await _writes.ReadAgainAsync();
        }

        if (!IsNotedAs(bucket, ticket))
        {
            return null;
        }

        _isLeftToAnother = false;
        _entry.IsKept(Record);
        GoOn();
        return Record.ToDue();
    }

    public async Task<bool> ForgetAsync(DateTimeOffset untouchedSince)
    {
        await _writes.WhenIdleAsync();
        if (Record.DueAt is not null || Record.Call?.TouchedAt > untouchedSince)
        {
            return false;
        }

        await _writes.ClearAsync();
        DeactivateOnIdle();
        return true;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        await _work.DrainAsync(cancellationToken);
        if (Record.DeadLetters.Count > 0)
        {
            await HandOverLastAsync();
        }

        await _writes.WhenIdleAsync();
        await TellLastAsync(cancellationToken);
    }

    /// <summary>Keeps the grain in memory for a time; zero takes back what was asked for before.</summary>
    internal void Keep(TimeSpan time) => DelayDeactivation(time);

    /// <summary>Begins whatever is due, and sees to it that the rest is begun in time.</summary>
    internal void GoOn()
    {
        _entry.Tell(Record);
        if (_isLeftToAnother || _work.IsStopping || Record.Call is not { } call)
        {
            return;
        }

        if (Record.DeadLetters.Count > 0)
        {
            _work.Start((WorkKind.DeadLetters, ""), stopping => InsistAsync(() => HandOverAsync(_work.Draining), stopping));
        }

        if (!_context.Stopping.IsCancellationRequested)
        {
            Begin(call);
        }
    }

    Task IWriteCompanion<CallRecord>.BesideAsync(CallRecord next) => _entry.EnsureAsync(next);

    /// <summary>
    /// Another activation writes this call, and is at work on what it wrote. So this one begins nothing more and goes; what the other one does not
    /// finish the bucket wakes, a few seconds after it was due.
    /// </summary>
    void IWriteCompanion<CallRecord>.RaceLost()
    {
        _isLeftToAnother = true;
        _context.Pulse.Doubt();
        DeactivateOnIdle();
    }

    private bool IsNotedAs(int bucket, long ticket) => Record.Bucket == bucket && Record.Ticket == ticket;

    /// <summary>Makes a step of the call, and goes on when it is written.</summary>
    /// <exception cref="CallInboxUnavailableException">It cannot be written.</exception>
    private async Task<KeptCallStep> ChangeAsync(Func<KeptCall?, KeptCallStep> change)
    {
        KeptCallStep step = null!;
        await _writes.ApplyAsync(record => record.After(step = change(record.Call), _context.Buckets.Next));
        _services.Tell(step);
        GoOn();
        return step;
    }

    private void Begin(KeptCall call)
    {
        var now = _context.Time.GetUtcNow();
        foreach (var run in call.DueRuns(now))
        {
            _work.Start((WorkKind.Handler, run.Handler.Name), stopping => RunAsync(run, stopping));
        }

        if (call.OutcomeDueAt <= now)
        {
            _work.Start((WorkKind.Outcome, ""), DecideAsync);
        }

        Arm(call, now);
    }

    private void Arm(KeptCall call, DateTimeOffset now)
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
            _timer ??= this.RegisterGrainTimer(OnTimeAsync, new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
            _timer.Change(wait.Value, Timeout.InfiniteTimeSpan);
        }
    }

    private Task OnTimeAsync()
    {
        GoOn();
        return Task.CompletedTask;
    }

    private async Task RunAsync(HandlerRun run, CancellationToken stopping)
    {
        await _context.Pulse.ConfirmAsync().WaitAsync(stopping);
        HandlerReport report;
        try
        {
            // Not in the grain's turns: a handler may block, and it may start tasks on whatever scheduler it finds.
            report = await Task.Run(() => _services.RunAsync(() => Record.Call!, run, stopping).AsTask(), CancellationToken.None);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            _context.Logger.WorkFailed(e);
            report = new() { Run = run, Verdict = HandlerVerdict.Failed, Error = e.GetType().Name };
        }

        await InsistAsync(() => ChangeAsync(call => _services.Settle(call!, report)), stopping);
    }

    private async Task DecideAsync(CancellationToken stopping)
    {
        var idInstance = Record.Call!.History.Key.IdInstance;
        var decision = await Task.Run(() => _services.DecideNoOutcome(idInstance), CancellationToken.None);
        await InsistAsync(() => ChangeAsync(call => _services.GiveUpWaiting(call!, decision)), stopping);
    }

    /// <summary>Gives dead letters to the shelf. Until it has one, the letter is safe where it is.</summary>
    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        while (Record.DeadLetters is [var letter, ..])
        {
            // The bucket first: who sees the letter does not find it among the owed as well.
            await _entry.TellNowAsync(Record).WaitAsync(cancellationToken);
            await _context.Grains.GetGrain<IDeadLettersGrain>(0).PutAsync(WireForm.Of(letter)).WaitAsync(cancellationToken);
            await _writes.ApplyAsync(record => record.Without(letter).Noted(_context.Buckets.Next));
        }
    }

    /// <summary>Once more, for what a handler gave up while the silo stops. The shelf may be stopping as well, and is not waited for.</summary>
    private async Task HandOverLastAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(LastHandOver, _context.Time);
            await HandOverAsync(limit.Token);
        }
        catch (Exception e)
        {
            _context.Logger.GrainUnreachable(nameof(DeadLettersGrain), e);
        }
    }

    /// <summary>The silo may be about to end, and what is gathered with it.</summary>
    private async Task TellLastAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _entry.TellNowAsync(Record).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // No time is left. The bucket finds out by waking the call.
        }
    }

    /// <summary>What a handler has done must be written, or it would do it twice: the storage is tried until it works, or the grain goes.</summary>
    private async Task InsistAsync(Func<Task> action, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested && !(e is OperationCanceledException && _work.IsStopping))
            {
                _context.Logger.GrainUnreachable(GrainContext.GrainId.Type.ToString()!, e);
                await Task.Delay(TimeSpan.FromSeconds(1), _context.Time, stopping);
            }
        }
    }
}
