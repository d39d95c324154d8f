namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>Lets one line a minute through and counts the rest, so that whoever can reach the endpoint cannot flood the log.</summary>
internal sealed class LogThrottle(TimeProvider time)
{
    private readonly long _pause = time.TimestampFrequency * 60;
    private long _next = long.MinValue;
    private long _count;

    /// <summary>Counts an occurrence and tells whether to say it.</summary>
    /// <param name="count">How often it occurred since it was last said, this time included.</param>
    public bool TryPass(out long count)
    {
        count = 0;
        Interlocked.Increment(ref _count);
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, now + _pause, next) != next)
        {
            return false;
        }

        count = Interlocked.Exchange(ref _count, 0);
        return true;
    }
}
