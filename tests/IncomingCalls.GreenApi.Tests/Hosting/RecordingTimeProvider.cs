using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>A fake clock that records which timers were started.</summary>
internal sealed class RecordingTimeProvider(TestSignal signal) : FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1790000000))
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _timers.Add(dueTime);
        }

        signal.Notify();
        return timer;
    }

    /// <summary>Waits until a timer of this duration was started.</summary>
    public Task WaitForTimerAsync(TimeSpan wait) => signal.WaitUntilAsync(() =>
    {
        lock (_lock)
        {
            return _timers.Contains(wait);
        }
    });

    /// <summary>Waits until timers of this duration were started.</summary>
    public Task WaitForTimersAsync(TimeSpan wait, int count) => signal.WaitUntilAsync(() =>
    {
        lock (_lock)
        {
            return _timers.Count(other => other == wait) >= count;
        }
    });

    /// <summary>Waits until a timer of this duration was started after the given number of timers of the marker duration.</summary>
    public Task WaitForTimerAfterAsync(TimeSpan marker, int times, TimeSpan wait) => signal.WaitUntilAsync(() =>
    {
        lock (_lock)
        {
            var seen = 0;
            return _timers.SkipWhile(other => other != marker || ++seen < times).Skip(1).Contains(wait);
        }
    });
}
