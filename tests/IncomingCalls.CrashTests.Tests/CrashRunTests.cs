using IncomingCalls.CrashTests.Driver;
using Xunit.Abstractions;

namespace IncomingCalls.CrashTests.Tests;

public class CrashRunTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Run_200Kills_LosesNothingAndRepeatsNothing()
    {
        var result = await CrashRun.RunAsync(new() { Kills = 200, Seed = Random.Shared.Next() }, output.WriteLine);

        output.WriteLine($"{result}");
        result.Violations.Should().BeEmpty("{0}", result);
        result.Deaths.Keys.Should().HaveCountGreaterThan(5, "hosts must die in many places for this to mean anything");
        result.Effects.Should().BeGreaterThan(1_000);
    }
}
