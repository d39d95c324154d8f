using System.Diagnostics;

namespace IncomingCalls.CrashTests;

/// <summary>Kills the process it lives in with SIGKILL, at the point it was told.</summary>
internal sealed class CrashInjector
{
    private readonly CrashPoint? _crashPoint;
    private readonly ManualResetEventSlim _reached = new();
    private int _count;

    /// <param name="wish">When; null for never.</param>
    public CrashInjector(CrashPoint? wish)
    {
        _crashPoint = wish;
        if (wish?.Delay > TimeSpan.Zero)
        {
            new Thread(KillLater) { Name = "death", IsBackground = true }.Start();
        }
    }

    /// <summary>Tells that the calling thread is there now.</summary>
    public void Reach(CrashLocation point)
    {
        if (_crashPoint?.Location != point || Interlocked.Increment(ref _count) != _crashPoint.Occurrence)
        {
            return;
        }

        if (_crashPoint.Delay > TimeSpan.Zero)
        {
            _reached.Set();
        }
        else
        {
            Signals.Kill(Environment.ProcessId);
        }
    }

    private void KillLater()
    {
        _reached.Wait();
        // Microseconds: no timer is as fine, so this thread is busy until then.
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < _crashPoint!.Delay)
        {
            Thread.SpinWait(10);
        }

        Signals.Kill(Environment.ProcessId);
    }
}
