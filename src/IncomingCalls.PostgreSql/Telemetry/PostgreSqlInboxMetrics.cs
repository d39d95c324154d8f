using System.Diagnostics.Metrics;

namespace IncomingCalls.PostgreSql.Telemetry;

/// <summary>The instruments of the PostgreSQL inbox, with the names of those of other inboxes. Each node reports the inbox of all nodes. Thread-safe.</summary>
internal sealed class PostgreSqlInboxMetrics
{
    private const string StateTag = "incoming_calls.inbox.state";

    /// <summary>An observation cannot wait for a query. It reports the last result if it is not older, and starts a query for the next observation.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(5);

    private readonly Histogram<double> _commit;
    private readonly TimeProvider _time;
    private readonly Func<Task<InboxStatistics>> _read;
    private readonly Action<Exception> _onFailed;
    private volatile Sample? _last;
    private int _isReading;

    /// <param name="time">The clock.</param>
    /// <param name="read">Reads the statistics.</param>
    /// <param name="onFailed">Receives what it throws. Nothing is measured then: no measurement is better than a wrong one.</param>
    /// <param name="meters">Creates the meter; null when the host has no metrics.</param>
    public PostgreSqlInboxMetrics(TimeProvider time, Func<Task<InboxStatistics>> read, Action<Exception> onFailed, IMeterFactory? meters)
    {
        (_time, _read, _onFailed) = (time, read, onFailed);
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(PostgreSqlInboxMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        _commit = meter.CreateHistogram<double>("incoming_calls.inbox.commit.duration", "s", "How long a transaction of the inbox took.");
        meter.CreateObservableGauge("incoming_calls.inbox.depth", () => Measure(Depth), "{event}", "Pairs of event and handler that are not handled yet.");
        meter.CreateObservableGauge("incoming_calls.inbox.dead_letters", () => Measure<long>(static sample => [new(sample.Statistics.DeadLetters)]), "{event}", "Dead letters.");
        meter.CreateObservableGauge("incoming_calls.inbox.quarantined", () => Measure<long>(static sample => [new(sample.Statistics.Quarantined)]), "{notification}", "Notifications in quarantine.");
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
    private static Measurement<long>[] Depth(Sample sample) =>
    [
        new(sample.Statistics.Ready ?? 0, new KeyValuePair<string, object?>(StateTag, "ready")),
        new(sample.Statistics.WaitingForCallerName ?? 0, new KeyValuePair<string, object?>(StateTag, "waiting_for_caller_name")),
        new(sample.Statistics.WaitingForRetry ?? 0, new KeyValuePair<string, object?>(StateTag, "waiting_for_retry")),
        new(sample.Statistics.Settling ?? 0, new KeyValuePair<string, object?>(StateTag, "settling")),
        new(sample.Statistics.Paused ?? 0, new KeyValuePair<string, object?>(StateTag, "paused")),
    ];

    private static Measurement<long>[] PausedDestinations(Sample sample) => [new(sample.Statistics.PausedDestinations ?? 0)];

    private static Measurement<double>[] Age(Sample sample) => [new(sample.Statistics.WaitingSince is { } since ? (sample.At - since).TotalSeconds : 0)];

    private Measurement<T>[] Measure<T>(Func<Sample, Measurement<T>[]> measure)
        where T : struct
    {
        var last = _last;
        var age = last is null ? TimeSpan.MaxValue : _time.GetUtcNow() - last.At;
        if (age >= ReadInterval && Interlocked.Exchange(ref _isReading, 1) == 0)
        {
            _ = ReadAsync();
        }

        return age <= MaxAge ? measure(last!) : [];
    }

    private async Task ReadAsync()
    {
        try
        {
            _last = new(await _read(), _time.GetUtcNow());
        }
        catch (Exception e)
        {
            _last = null;
            _onFailed(e);
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private sealed record Sample(InboxStatistics Statistics, DateTimeOffset At);
}
