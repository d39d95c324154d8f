using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Testing.Tests.Hosting;

/// <summary>A clock that stands still, and tells which waits have begun: tests move it once the wait they mean is armed.</summary>
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

    /// <summary>Moves on, a second at a time, until something holds: for loops whose next wait is nobody's to name.</summary>
    public async Task AdvanceUntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>Completes when waits of exactly this length have begun, the given number of times in all.</summary>
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
