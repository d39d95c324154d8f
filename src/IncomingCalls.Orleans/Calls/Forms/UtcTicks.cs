namespace IncomingCalls;

/// <summary>Times in the storage: the ticks of UTC, half as long as their text.</summary>
internal static class UtcTicks
{
    public static DateTimeOffset ToDateTimeOffset(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
