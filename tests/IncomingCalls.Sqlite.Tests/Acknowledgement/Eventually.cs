using Xunit.Sdk;

namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

/// <summary>Waits for what other threads and other machines' clocks bring about.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Action assertion)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var looks = 0; ; looks++)
        {
            try
            {
                assertion();
                return;
            }
            catch (XunitException) when (looks < 1_500)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
