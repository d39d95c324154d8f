namespace IncomingCalls;

/// <summary>Times in the storage: the ticks of UTC, half as long as their text.</summary>
internal static class Ticks
{
    public static DateTimeOffset ToTime(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
