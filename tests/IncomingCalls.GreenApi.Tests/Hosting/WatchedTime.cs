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

    /// <summary>Completes when a wait of such a length has begun, the given number of times.</summary>
    public Task ArmedAsync(TimeSpan from, TimeSpan to, int times = 1) => pulse.UntilAsync(() =>
    {
        // Wakes a timer that fell due while another thread was adding one, which an advance of the clock may pass over.
        Advance(TimeSpan.Zero);
        return Armed(from, to) >= times;
    });

    /// <summary>Completes when a wait of such a length has begun after the given one has the given number of times.</summary>
    public Task ArmedAfterAsync(TimeSpan marker, int times, TimeSpan from, TimeSpan to) => pulse.UntilAsync(() =>
    {
        lock (_gate)
        {
            var seen = 0;
            return _waits.SkipWhile(wait => wait != marker || ++seen < times).Any(wait => wait >= from && wait <= to);
        }
    });

    public int Armed(TimeSpan from, TimeSpan to)
    {
        lock (_gate)
        {
            return _waits.Count(wait => wait >= from && wait <= to);
        }
    }
}
