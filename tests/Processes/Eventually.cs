using Xunit.Sdk;

namespace IncomingCalls.Processes;

/// <summary>Repeats an assertion until it holds. A passing run does not come near the time limit, which leaves room for a machine that builds beside the tests.</summary>
internal static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Task HoldsAsync(Action assertion) => HoldsAsync(() =>
    {
        assertion();
        return Task.CompletedTask;
    });

    public static async Task HoldsAsync(Func<Task> assertion)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (XunitException) when (time.GetElapsedTime(started) < Limit)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
