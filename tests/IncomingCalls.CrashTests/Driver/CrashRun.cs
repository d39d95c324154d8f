using System.Diagnostics;
using IncomingCalls.CrashTests.Checking;

namespace IncomingCalls.CrashTests.Driver;

/// <summary>Kills hosts, and checks what is left.</summary>
public static class CrashRun
{
    public static async Task<CrashResult> RunAsync(CrashPlan plan, Action<string> tell)
    {
        tell($"seed {plan.Seed}");
        var started = Stopwatch.GetTimestamp();
        var worlds = await Task.WhenAll(Enumerable.Range(0, plan.Worlds).Select(async number =>
        {
            await using var world = await CrashWorld.StartAsync(new Random(plan.Seed + number));
            var kills = (plan.Kills / plan.Worlds) + (number < plan.Kills % plan.Worlds ? 1 : 0);
            for (var kill = 1; kill <= kills; kill++)
            {
                await world.LiveAndDieAsync();
                if (kill % 100 == 0)
                {
                    tell($"world {number + 1}: {kill} of {kills} kills after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
                }
            }

            return (History: await world.FinishAsync(), world.Deaths);
        }));
        var histories = worlds.Select(world => world.History).ToArray();
        return new()
        {
            Plan = plan,
            Notifications = histories.Sum(history => history.Sent.Count),
            Calls = histories.Sum(history => history.Sent.Select(sent => sent.Call).Distinct().Count()),
            Effects = histories.Sum(history => history.Effects.Count),
            Repeats = histories.Sum(CrashChecker.Repeats),
            Deaths = worlds.SelectMany(world => world.Deaths).GroupBy(place => place.Key).ToDictionary(place => place.Key, place => place.Sum(deaths => deaths.Value)),
            Violations = [.. histories.SelectMany(CrashChecker.Check)],
            Duration = Stopwatch.GetElapsedTime(started),
        };
    }
}
