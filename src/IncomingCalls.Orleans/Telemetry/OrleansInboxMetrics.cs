using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.StoredItems;

namespace IncomingCalls.Orleans.Telemetry;

/// <summary>
/// The instruments of the Orleans inbox. A silo reports what the buckets and shelves on it know, so that the sum over the silos is the
/// cluster's. Safe to use from any thread.
/// </summary>
internal sealed class OrleansInboxMetrics
{
    private readonly ConcurrentDictionary<int, WakeUpBucketStatistics> _buckets = new();
    private readonly ConcurrentDictionary<string, int> _storedItems = new();
    private readonly Histogram<double> _commitDuration;
    private readonly TimeProvider _time;

    public OrleansInboxMetrics(TimeProvider time, IMeterFactory? meters = null)
    {
        _time = time;
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(OrleansInboxMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        _commitDuration = meter.CreateHistogram<double>("incoming_calls.inbox.commit.duration", "s", "How long a transaction of the inbox took.");
        meter.CreateObservableGauge("incoming_calls.inbox.depth", () => _buckets.Values.Sum(figures => figures.PendingCount), "{event}", "Pairs of event and handler that are not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.age", OldestPendingAge, "s", "How long the oldest event waits that is not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.dead_letters", () => MeasureStoredItems(nameof(DeadLettersGrain)), "{event}", "Dead letters.");
        meter.CreateObservableGauge("incoming_calls.inbox.quarantined", () => MeasureStoredItems(nameof(QuarantineGrain)), "{notification}", "Notifications in quarantine.");
    }

    public long GetTimestamp() => _time.GetTimestamp();

    /// <summary>A state of a grain was written.</summary>
    public void RecordCommit(long started)
    {
        if (_commitDuration.Enabled)
        {
            _commitDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>A bucket is here, and counts; null when it leaves.</summary>
    public void ReportBucket(int bucket, WakeUpBucketStatistics? figures)
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
    public void ReportStoredItems(string shelf, int? count)
    {
        if (count is { } items)
        {
            _storedItems[shelf] = items;
        }
        else
        {
            _storedItems.TryRemove(shelf, out _);
        }
    }

    private double OldestPendingAge() => _buckets.Values.Min(figures => figures.OldestPendingAt) is { } since ? (_time.GetUtcNow() - since).TotalSeconds : 0;

    private IEnumerable<Measurement<int>> MeasureStoredItems(string shelf) => _storedItems.TryGetValue(shelf, out var count) ? [new(count)] : [];
}
