namespace IncomingCalls.Testing;

/// <summary>The state of one instance as time goes by.</summary>
internal sealed class InstanceStates(TimeProvider time, Action<SimulatedState> entered) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ITimer> _announced = [];
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
            Forget();
            Become(state);
        }
    }

    /// <summary>Enters a state later; while the instance restarts, when it is back.</summary>
    public void EnterAfter(SimulatedState state, TimeSpan after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        lock (_gate)
        {
            ITimer timer = null!;
            timer = time.CreateTimer(_ => Arrive(timer, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _announced.Add(timer);
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
            Become(SimulatedState.Starting);
            timer.Change(duration, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Forget();
        }
    }

    private void Arrive(ITimer timer, SimulatedState state)
    {
        lock (_gate)
        {
            // Forgotten at this very moment.
            if (!_announced.Remove(timer))
            {
                return;
            }

            timer.Dispose();
            if (_restart is null)
            {
                Become(state);
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
                Become(_afterRestart);
            }
        }
    }

    private void Forget()
    {
        _restart?.Dispose();
        _restart = null;
        _announced.ForEach(timer => timer.Dispose());
        _announced.Clear();
    }

    /// <summary>Told under the lock, so that changes are told in their order.</summary>
    private void Become(SimulatedState state)
    {
        if (_current != state)
        {
            _current = state;
            entered(state);
        }
    }
}
