using IncomingCalls.Orleans.Tests.Redis;
using Xunit.Abstractions;

namespace IncomingCalls.ClusterTests.Tests.Running;

public class ClusterCampaignTests(ITestOutputHelper output)
{
    [RedisFact]
    public async Task Run_100Disturbances_LosesNothingAndRepeatsNothing()
    {
        // Mostly the clusters wait for their members to be missed, so that several at once take little longer than one.
        var campaign = new ClusterCampaign(new() { Kills = 100, KillsPerRound = 25, Parallel = 4 }, TimeProvider.System, output.WriteLine);

        var reports = await campaign.RunAsync();

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        var lives = reports.SelectMany(report => report.Lives).ToArray();
        lives.Count(life => life.End == SiloEnd.Killed).Should().BeGreaterThanOrEqualTo(48);
        lives.Sum(life => life.Pauses.Count).Should().BeGreaterThanOrEqualTo(48);
    }
}
