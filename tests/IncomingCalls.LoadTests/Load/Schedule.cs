using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>Starts work at planned times, which a delay of earlier work does not shift.</summary>
internal static class Schedule
{
    /// <summary>Waits until a time after a timestamp. Returns at once when that time is over.</summary>
    public static async Task WaitUntilAsync(long started, TimeSpan after)
    {
        var remaining = after - Stopwatch.GetElapsedTime(started);
        if (remaining > TimeSpan.Zero)
        {
            await Task.Delay(remaining);
        }
    }
}
