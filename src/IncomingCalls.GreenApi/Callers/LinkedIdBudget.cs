using System.Collections.Concurrent;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// Counts the checkWhatsapp requests of each instance and month, as <see cref="GreenApiOptions.LinkedIdLookupsPerMonth"/> limits them. In memory: after a
/// restart the count begins again, and the quota of the plan limits the requests. Thread-safe.
/// </summary>
internal sealed class LinkedIdBudget(LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<LinkedIdBudget> logger)
{
    private readonly ConcurrentDictionary<long, MonthlyCount> _counts = new();

    /// <summary>The beginning of the next month, in UTC, when the quotas of the vendor begin again.</summary>
    public DateTimeOffset NextMonth
    {
        get
        {
            var now = time.GetUtcNow();
            return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        }
    }

    /// <summary>Gets the limit of an instance; 0 when its numbers are not looked up.</summary>
    public int FindLimit(long idInstance)
    {
        var current = options.CurrentValue;
        return current.Instances?.FirstOrDefault(instance => instance.IdInstance == idInstance)?.LinkedIdLookupsPerMonth ?? current.LinkedIdLookupsPerMonth;
    }

    /// <summary>Whether one more request is within the limit.</summary>
    public bool HasRoom(long idInstance) => _counts.GetOrAdd(idInstance, static _ => new()).Get(NextMonth) < FindLimit(idInstance);

    /// <summary>Counts a request that is about to be sent; returns false when it must not be.</summary>
    public bool TryTake(long idInstance)
    {
        var (nextMonth, limit) = (NextMonth, FindLimit(idInstance));
        var count = _counts.GetOrAdd(idInstance, static _ => new()).TryIncrement(nextMonth, limit);
        if (count == limit)
        {
            logger.LinkedIdLookupsUsedUp(idInstance, limit, nextMonth);
        }

        return count is not null;
    }

    private sealed class MonthlyCount
    {
        private readonly Lock _gate = new();
        private DateTimeOffset _nextMonth;
        private int _count;

        public int Get(DateTimeOffset nextMonth)
        {
            lock (_gate)
            {
                return nextMonth == _nextMonth ? _count : 0;
            }
        }

        /// <returns>The count with this request; null when the limit is reached already.</returns>
        public int? TryIncrement(DateTimeOffset nextMonth, int limit)
        {
            lock (_gate)
            {
                _count = nextMonth == _nextMonth ? _count : 0;
                _nextMonth = nextMonth;
                return _count < limit ? ++_count : null;
            }
        }
    }
}
