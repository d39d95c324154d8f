namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>The system's clock, set forward by the test. Its timers go on as before, since a silo lives on them.</summary>
internal sealed class ShiftedTimeProvider : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
