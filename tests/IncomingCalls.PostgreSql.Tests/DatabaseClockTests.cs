using IncomingCalls.PostgreSql.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncomingCalls.PostgreSql.Tests;

public class DatabaseClockTests
{
    private static readonly DateTimeOffset DatabaseTime = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void GetUtcNow_ClockOfTheNodeIsSet_DoesNotChange(int hours)
    {
        var node = new SettableClock { UtcNow = DatabaseTime + TimeSpan.FromSeconds(1) };
        var clock = new DatabaseClock(node, NullLogger.Instance);
        clock.Synchronize(DatabaseTime, clock.GetTimestamp());

        node.UtcNow += TimeSpan.FromHours(hours);
        node.Timestamp += node.TimestampFrequency;

        clock.GetUtcNow().Should().Be(DatabaseTime + TimeSpan.FromSeconds(1), "time is measured with the timer of the node");
    }

    /// <summary>A clock whose time is set independently of its timer.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset UtcNow { get; set; }

        public long Timestamp { get; set; }

        public override DateTimeOffset GetUtcNow() => UtcNow;

        public override long GetTimestamp() => Timestamp;
    }
}
