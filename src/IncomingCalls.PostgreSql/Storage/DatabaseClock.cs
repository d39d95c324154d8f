using IncomingCalls.PostgreSql.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The time of the database: that of the node, corrected by the measured difference. All nodes store and compare the same time, so a node whose clock is wrong
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

    private long _offset;

    public override TimeZoneInfo LocalTimeZone => node.LocalTimeZone;

    public override long TimestampFrequency => node.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => node.GetUtcNow() + new TimeSpan(Volatile.Read(ref _offset));

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
        var uncertainty = node.GetElapsedTime(sent) / 2;
        var offset = databaseTime - (node.GetUtcNow() - uncertainty);
        if ((offset - new TimeSpan(Volatile.Read(ref _offset))).Duration() <= Tolerance + uncertainty)
        {
            return;
        }

        Volatile.Write(ref _offset, offset.Ticks);
        if (offset.Duration() > WarnAbove)
        {
            logger.ClockDiffers(offset);
        }
    }
}
