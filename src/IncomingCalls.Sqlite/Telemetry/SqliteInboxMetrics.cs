using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Telemetry;

/// <summary>The instruments of the SQLite inbox.</summary>
internal sealed class SqliteInboxMetrics
{
    private const string StateTag = "incoming_calls.inbox.state";

    private readonly Histogram<double> _commit;
    private readonly SqliteInboxFile _file;
    private readonly TimeProvider _time;

    public SqliteInboxMetrics(SqliteInboxFile file, TimeProvider time, IMeterFactory? meters = null)
    {
        _file = file;
        _time = time;
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(SqliteInboxMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        _commit = meter.CreateHistogram<double>("incoming_calls.inbox.commit.duration", "s", "How long a transaction of the inbox took.");
        meter.CreateObservableGauge("incoming_calls.inbox.depth", () => Measure(Depth), "{event}", "Pairs of event and handler that are not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.dead_letters", () => Measure<long>(static statistics => [new(statistics.DeadLetters)]), "{event}", "Dead letters.");
        meter.CreateObservableGauge("incoming_calls.inbox.quarantined", () => Measure<long>(static statistics => [new(statistics.Quarantined)]), "{notification}", "Notifications in quarantine.");
        meter.CreateObservableGauge("incoming_calls.inbox.paused_destinations", () => Measure(PausedDestinations), "{destination}", "Destinations to which the deliveries of a handler are paused.");
        meter.CreateObservableGauge("incoming_calls.inbox.age", () => Measure(Age), "s", "How long the oldest event waits that is not handled yet.");
    }

    public long GetTimestamp() => _time.GetTimestamp();

    public void RecordCommit(long started)
    {
        if (_commit.Enabled)
        {
            _commit.Record(_time.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>What waits is no backlog, so it is measured apart.</summary>
    private static Measurement<long>[] Depth(InboxStatistics statistics) =>
    [
        new(statistics.Ready ?? 0, new KeyValuePair<string, object?>(StateTag, "ready")),
        new(statistics.WaitingForCallerName ?? 0, new KeyValuePair<string, object?>(StateTag, "waiting_for_caller_name")),
        new(statistics.WaitingForRetry ?? 0, new KeyValuePair<string, object?>(StateTag, "waiting_for_retry")),
        new(statistics.Settling ?? 0, new KeyValuePair<string, object?>(StateTag, "settling")),
        new(statistics.Paused ?? 0, new KeyValuePair<string, object?>(StateTag, "paused")),
    ];

    private static Measurement<long>[] PausedDestinations(InboxStatistics statistics) => [new(statistics.PausedDestinations ?? 0)];

    private Measurement<double>[] Age(InboxStatistics statistics) => [new(statistics.WaitingSince is { } since ? (_time.GetUtcNow() - since).TotalSeconds : 0)];

    private Measurement<T>[] Measure<T>(Func<InboxStatistics, Measurement<T>[]> measure)
        where T : struct
    {
        try
        {
            return measure(_file.ReadStatistics());
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // No measurement is better than a wrong one; the health check and the log report the failure.
            return [];
        }
    }
}
