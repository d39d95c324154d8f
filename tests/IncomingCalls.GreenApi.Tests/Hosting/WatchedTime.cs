using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>A clock that stands still, and tells which waits have begun.</summary>
internal sealed class WatchedTime(Pulse pulse) : FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1790000000))
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _waits.Add(dueTime);
        }

        pulse.Beat();
        return timer;
    }

    /// <summary>Completes when a wait of this length has begun.</summary>
    public Task ArmedAsync(TimeSpan wait) => pulse.UntilAsync(() =>
    {
        lock (_gate)
        {
            return _waits.Contains(wait);
        }
    });

    /// <summary>Completes when a wait of this length has begun after the marker has, the given number of times.</summary>
    public Task ArmedAfterAsync(TimeSpan marker, int times, TimeSpan wait) => pulse.UntilAsync(() =>
    {
        lock (_gate)
        {
            var seen = 0;
            return _waits.SkipWhile(other => other != marker || ++seen < times).Skip(1).Contains(wait);
        }
    });
}
