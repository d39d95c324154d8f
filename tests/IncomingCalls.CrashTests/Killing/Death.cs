using System.Diagnostics;

namespace IncomingCalls.CrashTests;

/// <summary>Kills the process it lives in with SIGKILL, at the point it was told.</summary>
internal sealed class Death
{
    private readonly DeathWish? _wish;
    private readonly ManualResetEventSlim _isDue = new();
    private int _passed;

    /// <param name="wish">When; null for never.</param>
    public Death(DeathWish? wish)
    {
        _wish = wish;
        if (wish?.Delay > TimeSpan.Zero)
        {
            new Thread(KillLater) { Name = "death", IsBackground = true }.Start();
        }
    }

    /// <summary>Tells that the calling thread is there now.</summary>
    public void Pass(KillPoint point)
    {
        if (_wish?.Point != point || Interlocked.Increment(ref _passed) != _wish.Nth)
        {
            return;
        }

        if (_wish.Delay > TimeSpan.Zero)
        {
            _isDue.Set();
        }
        else
        {
            Signals.Kill(Environment.ProcessId);
        }
    }

    private void KillLater()
    {
        _isDue.Wait();
        // Microseconds: no timer is as fine, so this thread is busy until then.
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < _wish!.Delay)
        {
            Thread.SpinWait(10);
        }

        Signals.Kill(Environment.ProcessId);
    }
}
