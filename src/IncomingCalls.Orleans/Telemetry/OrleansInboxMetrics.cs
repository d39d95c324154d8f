using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IncomingCalls.Orleans.Destinations;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.StoredItems;

namespace IncomingCalls.Orleans.Telemetry;

/// <summary>
/// The instruments of the Orleans inbox. A silo reports the buckets and stored items whose grains it hosts, so that the sum over the silos is
/// the value of the cluster. Safe to use from any thread.
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
        meter.CreateObservableGauge("incoming_calls.inbox.depth", () => _buckets.Values.Sum(bucket => bucket.PendingCount), "{event}", "Pairs of event and handler that are not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.age", OldestPendingAge, "s", "How long the oldest event waits that is not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.dead_letters", () => MeasureStoredItems(nameof(DeadLettersGrain)), "{event}", "Dead letters.");
        meter.CreateObservableGauge("incoming_calls.inbox.quarantined", () => MeasureStoredItems(nameof(QuarantineGrain)), "{notification}", "Notifications in quarantine.");
        meter.CreateObservableGauge("incoming_calls.inbox.paused_destinations", () => MeasureStoredItems(nameof(DestinationsGrain)), "{destination}", "Destinations to which the deliveries of a handler are paused.");
    }

    public long GetTimestamp() => _time.GetTimestamp();

    /// <summary>Records the duration of a write of a grain state.</summary>
    public void RecordCommit(long started)
    {
        if (_commitDuration.Enabled)
        {
            _commitDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>Reports the statistics of a bucket on this silo; null when its grain is deactivated.</summary>
    public void ReportBucket(int bucket, WakeUpBucketStatistics? statistics)
    {
        if (statistics is not null)
        {
            _buckets[bucket] = statistics;
        }
        else
        {
            _buckets.TryRemove(bucket, out _);
        }
    }

    /// <summary>Reports the number of stored items, or of pauses, of a grain on this silo; null when the grain is deactivated.</summary>
    public void ReportStoredItems(string grain, int? count)
    {
        if (count is { } items)
        {
            _storedItems[grain] = items;
        }
        else
        {
            _storedItems.TryRemove(grain, out _);
        }
    }

    private double OldestPendingAge() => _buckets.Values.Min(bucket => bucket.OldestPendingAt) is { } oldest ? (_time.GetUtcNow() - oldest).TotalSeconds : 0;

    private IEnumerable<Measurement<int>> MeasureStoredItems(string grain) => _storedItems.TryGetValue(grain, out var count) ? [new(count)] : [];
}
