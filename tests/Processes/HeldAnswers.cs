namespace IncomingCalls.Processes;

/// <summary>
/// The clock of a simulator whose delayed answers a test holds, so that what happens before an answer does not depend on the speed of the machine.
/// It is the clock of the system, except that a delay of <see cref="Delay"/> lasts until <see cref="Release"/>.
/// </summary>
internal sealed class HeldAnswers : TimeProvider
{
    /// <summary>The delay of an answer that is held. No other delay is that long.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromDays(7);

    private readonly Lock _gate = new();
    private readonly List<ITimer> _held = [];
    private int _released;

    /// <summary>Sends the next answer: the one that is held, or else the next one without a delay.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _released++;
            SendReleased();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Delay)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        var timer = System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _held.Add(timer);
            SendReleased();
        }

        return timer;
    }

    private void SendReleased()
    {
        for (; _released > 0 && _held.Count > 0; _released--)
        {
            _held[0].Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            _held.RemoveAt(0);
        }
    }
}
