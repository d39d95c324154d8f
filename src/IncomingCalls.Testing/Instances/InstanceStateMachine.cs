namespace IncomingCalls.Testing.Instances;

/// <summary>The state of one instance as time goes by.</summary>
internal sealed class InstanceStateMachine(TimeProvider time, Action<SimulatedState> entered) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ITimer> _scheduled = [];
    private SimulatedState _current;
    private SimulatedState _afterRestart;
    private ITimer? _restart;

    public SimulatedState Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>Enters a state now, whatever was to come.</summary>
    public void Enter(SimulatedState state)
    {
        lock (_gate)
        {
            CancelScheduled();
            SetCurrent(state);
        }
    }

    /// <summary>Enters a state later; while the instance restarts, when it is back.</summary>
    public void EnterAfter(SimulatedState state, TimeSpan after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        lock (_gate)
        {
            ITimer timer = null!;
            timer = time.CreateTimer(_ => EnterScheduled(timer, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _scheduled.Add(timer);
            timer.Change(after, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Is starting for a while, then what it was; a restart during a restart begins the while anew.</summary>
    public void Restart(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        lock (_gate)
        {
            _afterRestart = _restart is null ? _current : _afterRestart;
            _restart?.Dispose();
            ITimer timer = null!;
            timer = time.CreateTimer(_ => EndRestart(timer), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _restart = timer;
            SetCurrent(SimulatedState.Starting);
            timer.Change(duration, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            CancelScheduled();
        }
    }

    private void EnterScheduled(ITimer timer, SimulatedState state)
    {
        lock (_gate)
        {
            // Forgotten at this very moment.
            if (!_scheduled.Remove(timer))
            {
                return;
            }

            timer.Dispose();
            if (_restart is null)
            {
                SetCurrent(state);
            }
            else
            {
                _afterRestart = state;
            }
        }
    }

    private void EndRestart(ITimer timer)
    {
        lock (_gate)
        {
            if (_restart == timer)
            {
                _restart.Dispose();
                _restart = null;
                SetCurrent(_afterRestart);
            }
        }
    }

    private void CancelScheduled()
    {
        _restart?.Dispose();
        _restart = null;
        _scheduled.ForEach(timer => timer.Dispose());
        _scheduled.Clear();
    }

    /// <summary>Told under the lock, so that changes are told in their order.</summary>
    private void SetCurrent(SimulatedState state)
    {
        if (_current != state)
        {
            _current = state;
            entered(state);
        }
    }
}

/// <summary>What the API calls a state. Documented.</summary>
internal static class SimulatedStateText
{
    /// <summary>The name; null for what the API has no name for.</summary>
    public static string? ToWire(SimulatedState state) => state switch
    {
        SimulatedState.Authorized => "authorized",
        SimulatedState.NotAuthorized => "notAuthorized",
        SimulatedState.Blocked => "blocked",
        SimulatedState.Starting => "starting",
        SimulatedState.YellowCard => "yellowCard",
        SimulatedState.Suspended => "suspended",
        SimulatedState.SleepMode => "sleepMode",
        SimulatedState.PendingPassword => "pendingPassword",
        _ => null,
    };
}
