namespace IncomingCalls.ClusterTests;

/// <summary>A clock that is ahead of that of the machine, or behind it. Durations are not affected.</summary>
internal sealed class ShiftedTimeProvider(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
