using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Sends 25 notifications a second.</summary>
internal static class SteadyTraffic
{
    private static readonly TimeSpan SendInterval = TimeSpan.FromMilliseconds(40);

    /// <summary>Sends a notification at every tick.</summary>
    public static async Task SendAsync(CallTraffic traffic, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SendInterval, time);
        while (!stopping.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            traffic.Send(1);
        }
    }
}
