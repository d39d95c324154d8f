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
            var wait = at - time.GetUtcNow();
            _timer ??= time.CreateTimer(static state => ((EarliestTimer)state!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
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
            _at = DateTimeOffset.MaxValue;
        }

        action();
    }
}
