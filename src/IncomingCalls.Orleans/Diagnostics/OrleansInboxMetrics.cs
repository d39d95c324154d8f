using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace IncomingCalls;

/// <summary>
/// The instruments of the Orleans inbox. A silo reports what the buckets and shelves on it know, so that the sum over the silos is the
/// cluster's. Safe to use from any thread.
/// </summary>
internal sealed class OrleansInboxMetrics
{
    private readonly ConcurrentDictionary<int, DueFigures> _buckets = new();
    private readonly ConcurrentDictionary<string, int> _shelves = new();
    private readonly Histogram<double> _commit;
    private readonly TimeProvider _time;

    public OrleansInboxMetrics(TimeProvider time, IMeterFactory? meters = null)
    {
        _time = time;
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(OrleansInboxMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        _commit = meter.CreateHistogram<double>("incoming_calls.inbox.commit.duration", "s", "How long a transaction of the inbox took.");
        meter.CreateObservableGauge("incoming_calls.inbox.depth", () => _buckets.Values.Sum(figures => figures.Owed), "{event}", "Pairs of event and handler that are not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.age", Age, "s", "How long the oldest event waits that is not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.dead_letters", () => Count(nameof(DeadLettersGrain)), "{event}", "Dead letters.");
        meter.CreateObservableGauge("incoming_calls.inbox.quarantined", () => Count(nameof(QuarantineGrain)), "{notification}", "Notifications in quarantine.");
    }

    public long Now() => _time.GetTimestamp();

    /// <summary>A state of a grain was written.</summary>
    public void Committed(long started)
    {
        if (_commit.Enabled)
        {
            _commit.Record(_time.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>A bucket is here, and counts; null when it leaves.</summary>
    public void Bucket(int bucket, DueFigures? figures)
    {
        if (figures is not null)
        {
            _buckets[bucket] = figures;
        }
        else
        {
            _buckets.TryRemove(bucket, out _);
        }
    }

    /// <summary>A shelf is here, and counts; null when it leaves.</summary>
    public void Shelf(string shelf, int? count)
    {
        if (count is { } items)
        {
            _shelves[shelf] = items;
        }
        else
        {
            _shelves.TryRemove(shelf, out _);
        }
    }

    private double Age() => _buckets.Values.Min(figures => figures.Since) is { } since ? (_time.GetUtcNow() - since).TotalSeconds : 0;

    private IEnumerable<Measurement<int>> Count(string shelf) => _shelves.TryGetValue(shelf, out var count) ? [new(count)] : [];
}
