using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Testing.Tests.Hosting;

/// <summary>A fake clock that records which timers were started, so that a test can advance it after the timer in question was started.</summary>
internal sealed class TimerTrackingTimeProvider() : FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1790000000))
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _timers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _timers.Add(dueTime);
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    /// <summary>Advances in steps of a second until a condition holds, for loops whose next wait is not known.</summary>
    public async Task AdvanceUntilAsync(Func<bool> holds)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            timeout.Token.ThrowIfCancellationRequested();
            Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>Waits until the given number of timers of exactly this duration were started.</summary>
    public async Task WaitForTimersAsync(TimeSpan due, int times = 1)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_timers.Count(wait => wait == due) >= times)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
