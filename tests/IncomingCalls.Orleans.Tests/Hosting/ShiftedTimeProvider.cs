namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>The clock of the system, which the test can set forward. Timers are not affected, since the silo depends on them.</summary>
internal sealed class ShiftedTimeProvider : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
