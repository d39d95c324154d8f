namespace IncomingCalls.Shared;

/// <summary>A timer that runs an action at the earliest of the times that were requested since it last ran. Thread-safe.</summary>
/// <param name="action">The action, which does not block.</param>
/// <param name="time">The clock.</param>
internal sealed class EarliestTimer(Action action, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private DateTimeOffset _at = DateTimeOffset.MaxValue;
    private bool _isDisposed;

    /// <summary>Requests a run at a time.</summary>
    public void Arm(DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_isDisposed || at >= _at)
            {
                return;
            }

            _at = at;
            _timer ??= time.CreateTimer(static state => ((EarliestTimer)state!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            StartTimer();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void Run()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            // The timers of the system run up to a few milliseconds early, and what the action looks for is not due then.
            if (_at > time.GetUtcNow())
            {
                StartTimer();
                return;
            }

            _at = DateTimeOffset.MaxValue;
        }

        action();
    }

    /// <summary>Starts the timer for the requested time, rounded up to the milliseconds that it has.</summary>
    private void StartTimer()
    {
        var wait = Math.Ceiling((_at - time.GetUtcNow()).TotalMilliseconds);
        _timer!.Change(wait > 0 ? TimeSpan.FromMilliseconds(wait) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
