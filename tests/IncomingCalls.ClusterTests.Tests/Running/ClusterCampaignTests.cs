using IncomingCalls.Orleans.Tests.Redis;
using Xunit.Abstractions;

namespace IncomingCalls.ClusterTests.Tests.Running;

public class ClusterCampaignTests(ITestOutputHelper output)
{
    [RedisFact]
    public async Task Run_48Disturbances_LosesNothingAndRepeatsNothing()
    {
        // Mostly a cluster waits for its members to be missed, so that two at once take little longer than one. More of them slow each other down
        // on two cores, and who is slow is evicted.
        var campaign = new ClusterCampaign(new() { Kills = 48, KillsPerRound = 12, Parallel = 2 }, TimeProvider.System, output.WriteLine);

        var reports = await campaign.RunAsync();

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        var lives = reports.SelectMany(report => report.Lives).ToArray();
        lives.Count(life => life.End == SiloEnd.Killed).Should().BeGreaterThanOrEqualTo(20);
        lives.Sum(life => life.Pauses.Count).Should().BeGreaterThanOrEqualTo(20);
    }
}
