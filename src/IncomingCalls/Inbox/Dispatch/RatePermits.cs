using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>The permits of rate limits, by handler and partition. Not thread-safe.</summary>
/// <remarks>The generic cell rate algorithm: a partition has the time of its next permit, and the burst says how far ahead of that time an attempt may start.</remarks>
[Experimental("ICEXP001")]
public sealed class RatePermits
{
    private const int SweepSize = 1_000;

    private readonly DateTimeOffset _startedAt;
    private readonly Dictionary<(string, string), DateTimeOffset> _next = [];
    private int _sweepAt = SweepSize;

    /// <summary>Initializes the permits. They are not stored, and the attempts that another process has started are not known, so each partition begins without its burst.</summary>
    /// <param name="time">The clock.</param>
    public RatePermits(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _startedAt = time.GetUtcNow();
    }

    /// <summary>Takes a permit if one is free soon enough.</summary>
    /// <param name="handlerName">The name of the handler.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="limit">The rate limit of the handler.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="maxWait">How far in the future the permit may be; zero for now, and negative for no permit.</param>
    /// <param name="startsAt">When the attempt may start, now or later; if no permit was taken, when the next one is free.</param>
    /// <returns>Whether a permit was taken.</returns>
    public bool TryTake(string handlerName, string partition, CallHandlerRateLimit limit, DateTimeOffset now, TimeSpan maxWait, out DateTimeOffset startsAt)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var burst = limit.Interval * (limit.Burst - 1);
        var next = _next.TryGetValue((handlerName, partition), out var known) ? known : _startedAt + burst;
        startsAt = Later(next - burst, now);
        if (startsAt > now + maxWait)
        {
            return false;
        }

        _next[(handlerName, partition)] = Later(next, now) + limit.Interval;
        Sweep(now);
        return true;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>Forgets partitions that have been idle for so long that they have their full burst.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (_next.Count < _sweepAt)
        {
            return;
        }

        foreach (var idle in _next.Where(entry => entry.Value <= now).Select(static entry => entry.Key).ToArray())
        {
            _next.Remove(idle);
        }

        _sweepAt = Math.Max(SweepSize, _next.Count * 2);
    }
}
