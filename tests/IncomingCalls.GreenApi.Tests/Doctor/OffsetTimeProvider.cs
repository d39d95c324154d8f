namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>The clock of a host that is wrong, or right; waits end when the test says so.</summary>
/// <param name="ahead">How far it is ahead of the right time.</param>
/// <param name="waits">Makes the timers.</param>
internal sealed class OffsetTimeProvider(TimeSpan ahead, TimeProvider waits) : TimeProvider
{
    public override long TimestampFrequency => waits.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;

    public override long GetTimestamp() => waits.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        waits.CreateTimer(callback, state, dueTime, period);
}
