using Xunit.Sdk;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>Waits for effects of other threads and other nodes.</summary>
internal static class Eventually
{
    public static Task HoldsAsync(Action assertion) => HoldsAsync(() =>
    {
        assertion();
        return Task.CompletedTask;
    });

    public static async Task HoldsAsync(Func<Task> assertion)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var looks = 0; ; looks++)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception e) when (e is XunitException or CallInboxUnavailableException && looks < 1_500)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
