namespace IncomingCalls.Testing.Instances;

/// <summary>Counts the requests of a method in a month. Documented: the counter starts again on the first day of a month. Assumed: in UTC. Thread-safe.</summary>
internal sealed class MonthlyQuota(int limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private (int Year, int Month) _month;

    public int Limit => limit;

    public int Used { get; private set; }

    /// <summary>Counts a request.</summary>
    /// <returns>false when the quota of the month is exhausted.</returns>
    public bool TryUse()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_month != (now.Year, now.Month))
            {
                (_month, Used) = ((now.Year, now.Month), 0);
            }

            if (Used >= limit)
            {
                return false;
            }

            Used++;
            return true;
        }
    }
}
