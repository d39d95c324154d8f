using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Telemetry;

/// <summary>The instruments of the SQLite inbox.</summary>
internal sealed class SqliteInboxMetrics
{
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
        meter.CreateObservableGauge("incoming_calls.inbox.depth", () => Measure(static statistics => statistics.Depth), "{event}", "Pairs of event and handler that are not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.dead_letters", () => Measure(static statistics => statistics.DeadLetters), "{event}", "Dead letters.");
        meter.CreateObservableGauge("incoming_calls.inbox.quarantined", () => Measure(static statistics => statistics.Quarantined), "{notification}", "Notifications in quarantine.");
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

    private double Age(InboxStatistics statistics) => statistics.WaitingSince is { } since ? (_time.GetUtcNow() - since).TotalSeconds : 0;

    private IEnumerable<Measurement<T>> Measure<T>(Func<InboxStatistics, T> figure)
        where T : struct
    {
        try
        {
            return [new(figure(_file.ReadStatistics()))];
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // No measurement is better than a wrong one; the health check and the log report the failure.
            return [];
        }
    }
}
