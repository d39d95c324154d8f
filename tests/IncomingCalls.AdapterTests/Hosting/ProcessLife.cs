namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>Whether a process lives. What a killed process would do next does not happen: it waits, until the host that stands for the process is stopped. Thread-safe.</summary>
internal sealed class ProcessLife
{
    private readonly TaskCompletionSource<KillPlace> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KillPlan? _plan;
    private int _running;
    private int _pacing;
    private int _version;

    /// <summary>Completes when the process is killed, with the place of the kill.</summary>
    public Task<KillPlace> Ended => _ended.Task;

    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>The number of steps of attempts until now. While it does not change, attempts only wait.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Whether all running attempts wait for their turn or for a permit.</summary>
    public bool IsBlocked => Volatile.Read(ref _running) == Volatile.Read(ref _pacing);

    public void Kill(KillPlace place = KillPlace.Idle) => _ended.TrySetResult(place);

    /// <summary>Kills the process when an attempt next reaches a place.</summary>
    public void Plan(KillPlan plan) => Volatile.Write(ref _plan, plan);

    public void AddRunning(int difference) => Add(ref _running, difference);

    public void AddPacing(int difference) => Add(ref _pacing, difference);

    /// <summary>Records that an attempt has reached a place, which may be where the process is killed.</summary>
    public async Task ReachAsync(KillPlace place, Func<bool>? applies, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _plan) is { } plan && plan.Place == place && applies?.Invoke() != false && Interlocked.Decrement(ref plan.Remaining) == 0)
        {
            Kill(place);
        }

        await ThrowIfEndedAsync(cancellationToken);
    }

    /// <summary>Continues in a process that lives; otherwise never.</summary>
    public Task ThrowIfEndedAsync(CancellationToken cancellationToken) => HasEnded ? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken) : Task.CompletedTask;

    private void Add(ref int counter, int difference)
    {
        Interlocked.Add(ref counter, difference);
        Interlocked.Increment(ref _version);
    }
}

/// <summary>Where a process is killed.</summary>
internal enum KillPlace
{
    /// <summary>While no attempt is at a place.</summary>
    Idle = 0,

    /// <summary>Before a request is sent.</summary>
    BeforeRequest,

    /// <summary>After a request was answered, before the handler has the answer.</summary>
    AfterRequest,

    /// <summary>After the handler has ended, before its success is stored.</summary>
    BeforeSettle,
}

/// <summary>A kill at the n-th time that attempts reach a place.</summary>
internal sealed class KillPlan(KillPlace place, int number)
{
    public int Remaining = number;

    public KillPlace Place => place;
}
