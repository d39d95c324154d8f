namespace IncomingCalls.Shared;

/// <summary>Computes the delays of an exponential backoff with jitter. Not thread-safe.</summary>
/// <param name="initial">The delay after the first failure, before jitter.</param>
/// <param name="max">The maximum delay, before jitter.</param>
internal sealed class Backoff(TimeSpan initial, TimeSpan max)
{
    private int _failures;

    /// <summary>Computes the delay after a further failure: the initial delay first, then twice the previous delay, up to the maximum.</summary>
    public TimeSpan Next()
    {
        _failures += _failures < int.MaxValue ? 1 : 0;
        return AddJitter(DelayFor(_failures, initial, max));
    }

    /// <summary>Starts again with the initial delay, after a success.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Computes the delay after a number of failures, without jitter.</summary>
    /// <param name="failures">The number of consecutive failures, from 1.</param>
    /// <param name="initial">The delay after the first failure.</param>
    /// <param name="max">The maximum delay.</param>
    public static TimeSpan DelayFor(int failures, TimeSpan initial, TimeSpan max)
    {
        // The maximum is halved instead of the delay doubled, which could overflow. 63 halvings make any maximum zero.
        var doublings = Math.Clamp(failures, 1, 64) - 1;
        return initial.Ticks <= max.Ticks >> doublings ? new(initial.Ticks << doublings) : max;
    }

    /// <summary>Varies a delay by up to 20 % in either direction, so that operations that failed together are not retried together.</summary>
    public static TimeSpan AddJitter(TimeSpan delay) => delay * (0.8 + (0.4 * Random.Shared.NextDouble()));
}
