using IncomingCalls.PostgreSql.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The time of the database, continued by the timer of the node. All nodes store and compare the same time, so a node whose clock is wrong
/// handles nothing too early or too late. Thread-safe.
/// </summary>
/// <param name="node">The clock of the node.</param>
/// <param name="logger">The logger.</param>
/// <param name="followsDatabase">Whether the clock is corrected. Tests that set the time of the node do not want it.</param>
internal sealed class DatabaseClock(TimeProvider node, ILogger logger, bool followsDatabase = true) : TimeProvider
{
    /// <summary>Smaller differences are the noise of the measurement. If the clock followed it, it could go back behind a time that was just stored.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan WarnAbove = TimeSpan.FromSeconds(5);

    private volatile Reading? _last;

    public override TimeZoneInfo LocalTimeZone => node.LocalTimeZone;

    public override long TimestampFrequency => node.TimestampFrequency;

    /// <summary>From the last reading on, time is measured without the clock of the node, so that a step of that clock changes nothing.</summary>
    public override DateTimeOffset GetUtcNow() => _last is { } last ? last.Time + node.GetElapsedTime(last.Timestamp) : node.GetUtcNow();

    public override long GetTimestamp() => node.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => node.CreateTimer(callback, state, dueTime, period);

    /// <summary>Asks the database for its time.</summary>
    public async Task SynchronizeAsync(InboxPool pool, CancellationToken cancellationToken)
    {
        // The first connection takes longer than a question.
        await pool.ExecuteAsync(InboxPool.Ping, cancellationToken);
        var sent = node.GetTimestamp();
        var times = await pool.QueryAsync("SELECT clock_timestamp()", static row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken);
        Synchronize(times[0], sent);
    }

    /// <summary>Corrects the clock.</summary>
    /// <param name="databaseTime">The time of the database.</param>
    /// <param name="sent">The timestamp of this clock when the database was asked.</param>
    public void Synchronize(DateTimeOffset databaseTime, long sent)
    {
        if (!followsDatabase)
        {
            return;
        }

        // The database has looked at its clock at some time between the question and now.
        var timestamp = node.GetTimestamp();
        var uncertainty = node.GetElapsedTime(sent, timestamp) / 2;
        var time = databaseTime + uncertainty;
        if (_last is { } last && (time - last.Time - node.GetElapsedTime(last.Timestamp, timestamp)).Duration() <= Tolerance + uncertainty)
        {
            return;
        }

        var isFirst = _last is null;
        _last = new(time.ToUniversalTime(), timestamp);
        if (isFirst && time - node.GetUtcNow() is var offset && offset.Duration() > WarnAbove)
        {
            logger.ClockDiffers(offset);
        }
    }

    /// <summary>A reading of the clock of the database.</summary>
    /// <param name="Time">The time.</param>
    /// <param name="Timestamp">The timestamp of the node at that time.</param>
    private sealed record Reading(DateTimeOffset Time, long Timestamp);
}
