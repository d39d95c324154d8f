namespace IncomingCalls.Testing.Instances;

/// <summary>The state of one instance, with scheduled changes and restarts.</summary>
internal sealed class InstanceStateMachine(TimeProvider time, Action<SimulatedState> onEntered) : IDisposable
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

    /// <summary>Enters a state now and cancels a restart and all scheduled changes.</summary>
    public void Enter(SimulatedState state)
    {
        lock (_gate)
        {
            CancelScheduled();
            SetCurrent(state);
        }
    }

    /// <summary>Enters a state after a delay; a change that is due during a restart takes effect after the restart.</summary>
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

    /// <summary>Enters <see cref="SimulatedState.Starting"/> and returns to the previous state after a time. A restart during a restart starts the time again.</summary>
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
            // Canceled while the timer fired.
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

    /// <summary>Invokes the callback inside the lock, so that changes are reported in order.</summary>
    private void SetCurrent(SimulatedState state)
    {
        if (_current != state)
        {
            _current = state;
            onEntered(state);
        }
    }
}

/// <summary>The names of the states in the API. Documented.</summary>
internal static class SimulatedStateText
{
    /// <summary>Gets the name of a state; null for a state without a name in the API.</summary>
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
