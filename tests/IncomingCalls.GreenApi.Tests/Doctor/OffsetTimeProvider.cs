namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>A clock with an offset to the real time, and with the timers of another provider.</summary>
/// <param name="ahead">By how much the clock is ahead of the real time.</param>
/// <param name="timers">The provider of the timers.</param>
internal sealed class OffsetTimeProvider(TimeSpan ahead, TimeProvider timers) : TimeProvider
{
    public override long TimestampFrequency => timers.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;

    public override long GetTimestamp() => timers.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        timers.CreateTimer(callback, state, dueTime, period);
}
