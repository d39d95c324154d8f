using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>A clock that stands still, and tells which waits have begun.</summary>
internal sealed class RecordingTimeProvider(TestSignal pulse) : FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1790000000))
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

        pulse.Notify();
        return timer;
    }

    /// <summary>Completes when a wait of this length has begun.</summary>
    public Task WaitForTimerAsync(TimeSpan wait) => pulse.WaitUntilAsync(() =>
    {
        lock (_lock)
        {
            return _timers.Contains(wait);
        }
    });

    /// <summary>Completes when a wait of this length has begun after the marker has, the given number of times.</summary>
    public Task WaitForTimerAfterAsync(TimeSpan marker, int times, TimeSpan wait) => pulse.WaitUntilAsync(() =>
    {
        lock (_lock)
        {
            var seen = 0;
            return _timers.SkipWhile(other => other != marker || ++seen < times).Skip(1).Contains(wait);
        }
    });
}
