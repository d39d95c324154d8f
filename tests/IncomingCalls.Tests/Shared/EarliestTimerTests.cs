using IncomingCalls.Shared;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Shared;

public class EarliestTimerTests
{
    private static readonly DateTimeOffset Start = new(2026, 10, 7, 9, 0, 0, TimeSpan.Zero);

    private int _runs;

    [Fact]
    public void Arm_SeveralTimes_RunsOnceAtTheEarliest()
    {
        var time = new FakeTimeProvider(Start);
        using var timer = new EarliestTimer(() => _runs++, time);

        timer.Arm(Start.AddSeconds(5));
        timer.Arm(Start.AddSeconds(2));
        timer.Arm(Start.AddSeconds(3));
        time.Advance(TimeSpan.FromSeconds(1.999));
        _runs.Should().Be(0);
        time.Advance(TimeSpan.FromSeconds(0.001));
        _runs.Should().Be(1);
        time.Advance(TimeSpan.FromSeconds(10));
        _runs.Should().Be(1);
    }

    [Fact]
    public void Arm_TimeHasPassed_RunsAtOnce()
    {
        var time = new FakeTimeProvider(Start);
        using var timer = new EarliestTimer(() => _runs++, time);

        timer.Arm(Start.AddSeconds(-1));
        time.Advance(TimeSpan.Zero);

        _runs.Should().Be(1);
    }

    /// <summary>The timers of the system do.</summary>
    [Fact]
    public void Run_TimerFiresEarly_WaitsForTheTime()
    {
        var time = new EarlyTimeProvider(Start);
        using var timer = new EarliestTimer(() => _runs++, time);

        timer.Arm(Start.AddSeconds(1));
        time.FireAt(Start.AddSeconds(0.996));
        (_runs, time.LastDueTime).Should().Be((0, TimeSpan.FromMilliseconds(4)));
        time.FireAt(Start.AddSeconds(0.9995));
        (_runs, time.LastDueTime).Should().Be((0, TimeSpan.FromMilliseconds(1)), "a shorter time than a millisecond would be none");
        time.FireAt(Start.AddSeconds(1));

        _runs.Should().Be(1);
    }

    /// <summary>A clock whose only timer fires when the test says so.</summary>
    private sealed class EarlyTimeProvider(DateTimeOffset start) : TimeProvider, ITimer
    {
        private DateTimeOffset _now = start;
        private Action _callback = null!;

        public TimeSpan LastDueTime { get; private set; }

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = () => callback(state);
            return this;
        }

        public void FireAt(DateTimeOffset now)
        {
            _now = now;
            _callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            LastDueTime = dueTime;
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
