namespace IncomingCalls.Shared;

/// <summary>Computes the delays of an exponential backoff with jitter. Not thread-safe.</summary>
/// <param name="initial">The first delay, before jitter.</param>
/// <param name="max">The longest delay, before jitter.</param>
internal sealed class Backoff(TimeSpan initial, TimeSpan max)
{
    private int _failures;

    /// <summary>Gets the next delay: twice the previous one up to the longest, varied by up to 20 % in either direction.</summary>
    public TimeSpan Next() => AddJitter(DelayFor(++_failures, initial, max));

    /// <summary>Starts again with the first delay.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Gets the delay after a number of failures, from 1, without jitter.</summary>
    public static TimeSpan DelayFor(int failures, TimeSpan initial, TimeSpan max)
    {
        // As a floating point number, because ticks would overflow.
        var seconds = initial.TotalSeconds * Math.Pow(2, failures - 1);
        return seconds < max.TotalSeconds ? TimeSpan.FromSeconds(seconds) : max;
    }

    /// <summary>Varies a delay by up to 20 % in either direction, so that what failed together is not retried together.</summary>
    public static TimeSpan AddJitter(TimeSpan delay) => delay * (0.8 + (0.4 * Random.Shared.NextDouble()));
}
