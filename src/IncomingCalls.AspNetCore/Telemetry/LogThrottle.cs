namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>Allows one log entry per minute and counts the rest, so that clients of the endpoint cannot flood the log.</summary>
internal sealed class LogThrottle(TimeProvider time)
{
    private readonly long _interval = time.TimestampFrequency * 60;
    private long _next = long.MinValue;
    private long _count;

    /// <summary>Counts an occurrence and gets whether to log it.</summary>
    /// <param name="count">The number of occurrences since the previous log entry, including this one; 0 if it is not to be logged.</param>
    /// <returns>true if the occurrence is to be logged; otherwise, false.</returns>
    public bool TryPass(out long count)
    {
        count = 0;
        Interlocked.Increment(ref _count);
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, now + _interval, next) != next)
        {
            return false;
        }

        count = Interlocked.Exchange(ref _count, 0);
        return true;
    }
}
